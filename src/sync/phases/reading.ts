import { DEFENDER_POLICY, type ExportFile, type Fault, retryDelayMs } from '../../defender/index.ts'
import { readFile } from '../../sources/index.ts'
import { refusedExport } from '../export/judge-export.ts'
import { begunReading, doubtsOfFiles, packReading, type ReadingState, unpackReading, withNames } from '../export/reading-state.ts'
import { Spilling } from '../export/spilling.ts'
import { surveyExport } from '../export/survey-export.ts'
import type { Slice } from '../slice/slice.ts'
import { ANY_PHASE, type Outcome, type Phase } from './phase.ts'

/**
 * Reads the files of the export into runs of machines, and looks at them as a whole. A file cannot be resumed in its middle, so that a slice
 * may last longer here; after a kill, or when addresses have expired, they are asked for anew, and another export starts over.
 */
export const reading: Phase = {
  ...ANY_PHASE,
  name: 'reading',
  work: (slice) => slice.stop.postponed(slice.ports.outside.clock.now() + LONGEST_SLICE_MS, () => readExport(slice)),
  next: () => 'observing',
  machinesLeft: () => undefined,
}

/** The function is ended after 10 minutes (host.json), and has listed machines before. */
const LONGEST_SLICE_MS = 8 * 60_000

/** Faults of files on end after which the export is given up: an address may expire once, a file be cut, the storage be busy for a minute. */
const MOST_FAULTS = 6

/** Slices in which a file had most of the time for itself, and not enough. */
const MOST_TOO_LONG = 2

async function readExport(slice: Slice): Promise<Outcome> {
  const { calls, ports, record, stop } = slice
  const spilling = new Spilling(ports.store.exports, record.id, ports.lease.tenant.activeSlices)
  for (;;) {
    if (stop.reason) return 'more'
    const asked = await calls.ask('exports', () => ports.defender.vulnerabilityExport())
    if (asked.kind === 'stopped') return 'more'
    if (asked.kind === 'unknown') return asked.cutOff ? 'more' : giveUp(slice, unreadable(asked.fault))
    const { generatedAt, files } = asked.answer
    const refused = refusedExport(generatedAt, ports.lease.tenant.lastExportAt, ports.outside.clock.now())
    if (refused) return giveUp(slice, refused)
    const state = await stateOf(slice, generatedAt)
    record.exportGiven(generatedAt)
    const outcome = await readFiles(slice, spilling, state, files)
    if (outcome !== 'again') return outcome
  }
}

/** What the slices before have read of this export; of another one nothing is kept. */
async function stateOf({ ports: { store }, record }: Slice, generatedAt: string): Promise<ReadingState> {
  const known = unpackReading(await store.exports.state(record.id))
  if (known?.generatedAt === generatedAt) return known
  // What snapshots left that were killed for good as well.
  await store.exports.deleteUpTo(record.id)
  return begunReading(generatedAt)
}

/** Reads the files that are not read yet; `again`: addresses have to be asked for. */
async function readFiles(slice: Slice, spilling: Spilling, state: ReadingState, files: readonly ExportFile[]): Promise<Outcome | 'again'> {
  const { ports, record, stop, stalls } = slice
  const left = files.filter(({ key }) => !state.filesDone.includes(key))
  for (const [index, file] of left.entries()) {
    if (stop.reason) return 'more'
    const read = await readOne(slice, spilling, file)
    if (read.kind === 'stopped') return tooLong(slice, state, index === 0)
    if (read.kind === 'fault') return faulty(slice, state, read.fault)
    const { rows, brokenLines, otherIds } = read.counts
    state.runs.push(...(await spilling.takeRuns()))
    state.filesDone.push(file.key)
    state.names = withNames(state.names, spilling.register.takeNames())
    state.rows += rows
    state.brokenLines += brokenLines
    state.otherIds += otherIds
    state.faults = 0
    state.tooLong = 0
    await ports.store.exports.writeState(record.id, packReading(state))
    stalls.noteProgress()
  }
  return survey(slice, state, files.length)
}

async function readOne({ ports, stop }: Slice, spilling: Spilling, file: ExportFile) {
  const opened = await ports.defender.exportFile(file)
  if (opened.kind === 'fault') return opened
  const look = async () => {
    await ports.lease.ensureHeld()
    await spilling.makeRoom()
    return stop.reason ? 'stop' : 'goOn'
  }
  const read = await readFile(opened.chunks, { sets: spilling.sets, register: spilling.register, look })
  if (read.kind !== 'read') spilling.forget()
  return read
}

async function survey(slice: Slice, state: ReadingState, files: number): Promise<Outcome> {
  const { ports, record, stop } = slice
  if (stop.reason) return 'more'
  if (!state.survey) {
    state.survey = await surveyExport(slice, state)
    await ports.store.exports.writeState(record.id, packReading(state))
  }
  // Each time that it comes here: a kill may have been in between.
  await ports.lease.update({ lastExportMachines: state.survey.machines })
  const { generatedAt, rows, brokenLines, otherIds } = state
  const { machines, doubts } = state.survey
  for (const doubt of [...doubtsOfFiles(state), ...doubts]) record.doubted(doubt)
  ports.outside.log.info('export.read', { snapshotId: record.id, generatedAt, files, rows, machines, brokenLines, otherIds })
  return 'done'
}

/** A file that had all the time of a slice and more than once not enough is a limit. */
async function tooLong(slice: Slice, state: ReadingState, hadAllTime: boolean): Promise<Outcome> {
  const { ports, record } = slice
  state.tooLong += hadAllTime ? 1 : 0
  if (state.tooLong >= MOST_TOO_LONG) {
    const detail = `a file of the export takes longer than the ${LONGEST_SLICE_MS / 60_000} minutes that a slice may last, and cannot be resumed in its middle`
    return giveUp(slice, { kind: 'transient', code: 'exportFileTooLong', detail })
  }
  await ports.store.exports.writeState(record.id, packReading(state))
  return 'more'
}

async function faulty(slice: Slice, state: ReadingState, fault: Fault): Promise<Outcome | 'again'> {
  const { ports, record } = slice
  state.faults++
  ports.outside.log.warn('export.fileFault', { snapshotId: record.id, code: fault.code, status: fault.status, faults: state.faults })
  if (state.faults >= MOST_FAULTS) return giveUp(slice, unreadable(fault))
  await ports.store.exports.writeState(record.id, packReading(state))
  await ports.lease.sleep(retryDelayMs(Math.min(state.faults, DEFENDER_POLICY.retriesInSlice), ports.outside.random()))
  return 'again'
}

const unreadable = ({ code, detail }: Fault): Fault => ({
  kind: 'transient',
  code: 'exportUnreadable',
  detail: `the export could not be read to its end (${code}): ${detail}`,
})

/** Nothing is observed, and nothing closed: the snapshot says what happened. */
function giveUp({ record, ports: { outside } }: Slice, fault: Fault): Outcome {
  outside.log.warn('export.givenUp', { snapshotId: record.id, code: fault.code })
  record.failed(fault)
  return 'failed'
}
