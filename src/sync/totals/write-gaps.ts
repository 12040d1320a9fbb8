import {
  changeGap,
  type EndingSnapshot,
  type Gap,
  type GapCause,
  gapCauseIn,
  GAP_CAUSES,
  type Machine,
  type MachineGap,
  type OpenGap,
  standingIn,
} from '../../domain/index.ts'
import { eachAtOnce } from '../../each-at-once.ts'
import type { Slice } from '../slice/slice.ts'

/** Machines whose gaps are read at once, where their rows do not tell. */
const READ_AT_ONCE = 16

/** How the snapshot ends, as gaps are judged in it. */
export interface GapRules extends EndingSnapshot {
  hasObserved: boolean
}

/**
 * How the snapshot will have ended. Who was listed is only counted by now, so where the listing broke the machines are asked whether there is
 * any: one that listed none fails.
 */
export async function gapRulesOf(slice: Slice): Promise<GapRules> {
  const { record, ports } = slice
  const { gapsSince, lastEndedSnapshotId } = ports.lease.tenant
  const { status, listingComplete } = record.snapshot
  const isListed = (machine: Machine) => machine.lastListedSnapshotId === record.id
  const isObserved = (machine: Machine) => machine.settledSnapshotId === record.id && machine.state === 'observed'
  const isFailed = status === 'failed' || (!listingComplete && !(await isAny(slice, isListed)))
  return {
    snapshotId: record.id,
    isFailed,
    // Only of one that fails it matters.
    hasObserved: !isFailed || (await isAny(slice, isObserved)),
    isFirstToKeepGaps: gapsSince === null && lastEndedSnapshotId !== null,
  }
}

async function isAny({ ports }: Slice, isIt: (machine: Machine) => boolean): Promise<boolean> {
  for await (const page of ports.store.machines.pages()) {
    await ports.lease.ensureHeld()
    if (page.some(isIt)) return true
  }
  return false
}

/**
 * Writes which gaps of a page's machines the snapshot opens and closes: their rows, then what stands beside the machines, so that after a
 * kill the same is found and written again. Decided here and not when a machine is settled: an attempt is no end, and what a machine came to
 * stands in its row, whatever way led there.
 */
export async function writeGaps(slice: Slice, page: readonly Machine[], rules: GapRules): Promise<void> {
  const { missingKbs, machines, snapshots } = slice.ports.store
  const judged = await judge(slice, page, rules)
  const changed = judged.flatMap((one) => changeOf(one, rules) ?? [])
  await missingKbs.writeGaps(changed.flatMap(({ machineId, rows }) => rows.map((row) => ({ ...row, machineId }))))
  await machines.noteGaps(changed.map(({ rows: _, ...gap }) => gap))
  if (rules.isFailed) await snapshots.writeUnassessed(rules.snapshotId, judged.flatMap(unassessed(rules)))
}

/** What is to be written of a machine; undefined where all is as it stands beside it. */
function changeOf({ machine, open, cause }: Judged, rules: GapRules): (MachineGap & { rows: readonly Gap[] }) | undefined {
  const { machineId, settledSnapshotId, lastListedSnapshotId } = machine
  const change = changeGap(open, cause, endingFor(machine, rules)) ?? { open, rows: [] }
  const neverSettled = settledSnapshotId === null ? lastListedSnapshotId : null
  const firstListedSnapshotId = machine.firstListedSnapshotId ?? neverSettled
  const isSame = change.rows.length === 0 && change.open === machine.gap && firstListedSnapshotId === machine.firstListedSnapshotId
  return isSame ? undefined : { machineId, gap: change.open, firstListedSnapshotId, rows: change.rows }
}

interface Judged {
  machine: Machine
  open: OpenGap | null
  cause: GapCause | null
}

async function judge({ ports }: Slice, page: readonly Machine[], { snapshotId }: GapRules): Promise<Judged[]> {
  const { baselineSnapshotId } = ports.lease.tenant
  // A row that was deleted comes back as that of a new machine, whose gaps are still what they were. In the baseline nobody has any.
  const mayHaveLostRow = ({ gap, firstListedSnapshotId, settledSnapshotId }: Machine) => {
    const isNew = firstListedSnapshotId === snapshotId || (firstListedSnapshotId === null && settledSnapshotId === null)
    return gap === null && isNew && snapshotId !== baselineSnapshotId
  }
  const read = new Map<string, OpenGap | null>()
  const unread = page.filter((machine) => machine.gap === 'unread' || mayHaveLostRow(machine))
  await eachAtOnce(unread, READ_AT_ONCE, async ({ machineId }) => {
    const gaps = await ports.store.missingKbs.gaps(machineId)
    const open = gaps.findLast(({ toSnapshotId }) => toSnapshotId === null)
    read.set(machineId, open ? withoutEnd(open) : null)
  })
  return page.map((machine) => ({
    machine,
    open: read.get(machine.machineId) ?? (machine.gap === 'unread' ? null : machine.gap),
    cause: gapCauseIn(machine, snapshotId),
  }))
}

const withoutEnd = ({ kind, code, fromSnapshotId, atLeast }: Gap): OpenGap => ({ kind, code, fromSnapshotId, atLeast })

/** Of a machine that came with this snapshot all gaps are kept. */
const endingFor = ({ firstListedSnapshotId }: Machine, rules: GapRules): EndingSnapshot => ({
  ...rules,
  isFirstToKeepGaps: rules.isFirstToKeepGaps && firstListedSnapshotId !== rules.snapshotId,
})

/**
 * Whom a failed snapshot did not assess, where neither its list of those without an observation nor a gap tells. One that observed nobody
 * assessed nobody; what is left to tell is who has come back.
 */
function unassessed({ snapshotId, hasObserved }: GapRules) {
  return ({ machine, open, cause }: Judged): (GapCause & { machineId: string })[] => {
    const { machineId } = machine
    if (cause === null || standingIn(machine, snapshotId) === 'unknown') return []
    if (open?.kind === cause.kind && open.code === cause.code && cause.kind !== 'unknown') return []
    const hasLeft = cause.code === GAP_CAUSES.removed.code
    const isTold = !hasObserved && open?.code !== GAP_CAUSES.removed.code
    if (hasLeft || isTold) return []
    return [{ machineId, ...(cause.kind === 'silent' ? cause : GAP_CAUSES.notReached) }]
  }
}
