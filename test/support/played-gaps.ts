import fc from 'fast-check'
import type { Assessment, GapCause, ListedMachine, Machine, Snapshot } from '../../src/domain/index.ts'
import { faultOf, idOf, kbOf, machineOf, type ScriptedWorld } from './scripted-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MACHINES = 9

/** What becomes of a machine at a look. `gone`: neither listed nor there; `unlisted`: there all the same; `quiet`: sends no report. */
const FATES = ['reports', 'reports', 'quiet', 'quiet', 'http404', 'http500', 'gone', 'unlisted', 'otherPlatform'] as const
type Fate = (typeof FATES)[number]

interface MachineAtLook {
  fate: Fate
  kbs: boolean
}

export interface GapLook {
  hours: number
  machines: MachineAtLook[]
  /** Defender refuses the app after so many answers. */
  refusesAfter: number | undefined
  /** The listing cannot be read to its end. */
  listingBreaks: boolean
  /** Where the process that takes it dies, if it does. */
  diesAt: number | undefined
}

export const gapLooks: fc.Arbitrary<GapLook[]> = fc.array(
  fc.record({
    hours: fc.constantFrom(5, 24, 24, 168, 500),
    machines: fc.array(fc.record({ fate: fc.constantFrom(...FATES), kbs: fc.boolean() }), { minLength: MACHINES, maxLength: MACHINES }),
    refusesAfter: fc.option(fc.integer({ min: 0, max: MACHINES }), { nil: undefined, freq: 3 }),
    listingBreaks: fc.constantFrom(false, false, false, true),
    diesAt: fc.option(fc.integer({ min: 20, max: 260 }), { nil: undefined }),
  }),
  { minLength: 2, maxLength: 8 },
)

/** Last reports as Defender knows them: they only move when a machine sends one. */
export type Reports = Map<string, string>

/** Puts a look into Defender's mouth. */
export function playGaps({ script }: ScriptedWorld, look: GapLook, at: number, reports: Reports): void {
  const listed = (machine: ListedMachine, fate: Fate) => fate !== 'gone' && fate !== 'unlisted' && machine
  const there = look.machines.map(({ fate, kbs }, number) => {
    const machineId = idOf(number)
    if (fate === 'reports') reports.set(machineId, new Date(at - HOUR).toISOString())
    script.kbs.set(machineId, kbs ? [kbOf('1'), kbOf('2')] : [])
    const osPlatform = fate === 'otherPlatform' ? 'Linux' : 'Windows11'
    return { fate, machine: machineOf(number, { osPlatform, lastSeen: reports.get(machineId) ?? null }) }
  })
  // A listing without any machine would be no look at all.
  const always = machineOf(99, { lastSeen: new Date(at - HOUR).toISOString() })
  script.machines = [...there.filter(({ fate }) => fate !== 'gone').map(({ machine }) => machine), always]
  const page = [...there.flatMap(({ machine, fate }) => listed(machine, fate) || []), always]
  script.list = (skip) => {
    if (skip > 0 && look.listingBreaks) return faultOf('transient', 500)
    return { kind: 'page', machines: page.slice(skip), rows: Math.max(0, page.length - skip), more: false }
  }
  let answers = 0
  script.missingKbs = (machineId) => {
    const fate = look.machines[Number.parseInt(machineId, 16)]?.fate
    if (look.refusesAfter !== undefined && answers >= look.refusesAfter) return faultOf('forbidden', 403, { namesRole: true })
    answers++
    return fate === 'http404' || fate === 'http500' ? faultOf('transient', Number(fate.slice(4))) : undefined
  }
}

/** How a snapshot left a machine, by the look and, where Defender refused the app, by its row. */
export interface Taken {
  snapshot: Snapshot
  look: GapLook
  rows: ReadonlyMap<string, Machine>
  reports: Reports
}

interface Run extends GapCause {
  since: string
}

const NOT_REACHED: GapCause = { kind: 'unknown', code: 'notReached' }
const REMOVED: GapCause = { kind: 'skipped', code: 'removed' }

/** Whether a machine was assessed at the end of every snapshot, by the design's words. */
export function expectedAssessments(taken: readonly Taken[], number: number): Assessment[] {
  const machineId = idOf(number)
  let isKnown = false
  let run: Run | undefined
  let reported: string | null = null
  const shown = (gap: Run): Assessment => ({
    assessed: false,
    gap: { kind: gap.kind, code: gap.code, fromSnapshotId: gap.since, atLeast: false },
  })
  return taken.map(({ snapshot, look, rows, reports }) => {
    const { snapshotId, status } = snapshot
    const row = rows.get(machineId)
    isKnown ||= row !== undefined
    if (!isKnown) return shown({ kind: 'skipped', code: 'notListed', since: taken[0]?.snapshot.snapshotId ?? '' })
    const isObserved = row?.lastObservedSnapshotId === snapshotId
    if (isObserved) reported = reports.get(machineId) ?? null
    const cause = isObserved ? silence(reported, snapshotId) : whyNot(look, row, number)
    if (status !== 'failed' || cause === null || cause.code === REMOVED.code) {
      if (cause?.kind !== run?.kind || cause?.code !== run?.code) run = cause ? { ...cause, since: snapshotId } : undefined
      return run ? shown(run) : { assessed: true }
    }
    const isOfRun = run && isObserved && run.kind === cause.kind && run.code === cause.code
    if (isOfRun && run) return shown(run)
    return shown({ ...(isObserved ? cause : NOT_REACHED), since: snapshotId })
  })
}

/** The report is that of an observed machine: an older one than is known changes nothing. */
function silence(reported: string | null, snapshotId: string): GapCause | null {
  if (reported === null) return { kind: 'silent', code: 'neverReported' }
  const startedAt = Date.parse(snapshotId.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
  return startedAt - Date.parse(reported) > 30 * DAY ? { kind: 'silent', code: 'silent' } : null
}

function whyNot({ machines, refusesAfter }: GapLook, row: Machine | undefined, number: number): GapCause {
  const fate = machines[number]?.fate
  // One that is listed again has come back, whether the snapshot came to it or not.
  if (row?.state === 'removed' && (fate === 'gone' || fate === 'unlisted')) return REMOVED
  if (refusesAfter !== undefined) {
    return row?.state === 'skipped' ? { kind: 'skipped', code: 'platformNotAsked' } : { kind: 'unknown', code: row?.code ?? '' }
  }
  if (fate === 'otherPlatform') return { kind: 'skipped', code: 'platformNotAsked' }
  // It is only gone where a whole listing is without it as well.
  return { kind: 'unknown', code: fate === 'gone' ? 'http404' : (fate ?? '') }
}
