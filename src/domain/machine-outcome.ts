import { byText } from './by-text.ts'
import { beginningOf } from './exposure.ts'
import { type Interval, isOpen } from './interval.ts'
import type { Machine, MachineOutcome, UnstoredOutcome } from './machine.ts'
import { isOnboarded, notOnboardedSince } from './onboarding.ts'
import { direct, type Provenance, reportOf, type SettledIn, type TransitionOutcome } from './settlement.ts'
import { snapshotStartAt } from './snapshot-id.ts'

/** Why a machine gave no answer, as it is stored. */
export interface NoAnswer {
  code: string
  detail: string
  status?: number | undefined
  /** Attempts made in all. */
  attempts: number
}

/** What is left of a machine that misses the same KBs as before. */
export function unchangedOutcome(machine: Machine, { snapshotId, nowMs }: SettledIn, answer: Provenance): MachineOutcome {
  return {
    ...kept(machine, snapshotId),
    ...NO_FAULT,
    ...observationOf(machine, { snapshotId, nowMs }, answer),
    settledSnapshotId: snapshotId,
    notOnboardedSnapshotId: notOnboardedSince(machine, snapshotId),
    state: 'observed',
    filteredOut: false,
  }
}

/** What is left of a machine that gave no answer: its last observation stays. `retry`: it is asked once more at the snapshot's end. */
export function unknownOutcome(machine: Machine, { snapshotId }: SettledIn, cause: NoAnswer, retry: boolean): MachineOutcome {
  return {
    ...kept(machine, snapshotId),
    settledSnapshotId: snapshotId,
    notOnboardedSnapshotId: notOnboardedSince(machine, snapshotId),
    state: 'unknown',
    code: cause.code,
    detail: cause.detail,
    status: cause.status ?? 0,
    attempts: cause.attempts,
    retryInSnapshotId: retry ? snapshotId : null,
    filteredOut: false,
  }
}

/**
 * What is left of a settled machine whose row the storage does not take: it is unknown, with that cause. What it misses is read from its
 * intervals, which may have been committed before.
 */
export function unstoredOutcome({ machineId, settledSnapshotId, changedSnapshotId, missing }: MachineOutcome): UnstoredOutcome {
  const cause = { code: 'unprocessable', detail: 'the storage refuses the row of the machine', status: 0, attempts: 1 }
  return {
    machineId,
    settledSnapshotId,
    state: 'unknown',
    ...cause,
    retryInSnapshotId: null,
    changedSnapshotId,
    missingKbIds: null,
    missing: Math.max(1, missing),
  }
}

/** What is left of a machine that is not asked, and that misses nothing. */
export function skippedOutcome(machine: Machine, settledIn: SettledIn): MachineOutcome {
  return committedOutcome(machine, settledIn, { outcome: 'excluded', ...direct(''), intervals: [] }, false)
}

/** What a transition came to: the outcome, what is known of the answer, and all intervals after it. */
export interface Committed extends Provenance {
  outcome: TransitionOutcome
  intervals: readonly Interval[]
}

/** What is left of a machine after a transition; `isChanged`: it made changes. */
export function committedOutcome(machine: Machine, settledIn: SettledIn, committed: Committed, isChanged: boolean): MachineOutcome {
  const { outcome } = committed
  const { snapshotId } = settledIn
  const open = committed.intervals.filter(isOpen).sort((a, b) => byText(a.kbId, b.kbId))
  const oldest = open.map((interval) => interval.appearedSnapshotId).sort()[0]
  const isObserved = outcome === 'observed'
  return {
    ...kept(machine, snapshotId),
    ...NO_FAULT,
    ...(isObserved && observationOf(machine, settledIn, committed)),
    ...(isChanged && { changedSnapshotId: snapshotId }),
    settledSnapshotId: snapshotId,
    notOnboardedSnapshotId: notOnboardedSince(machine, snapshotId),
    ...(outcome === 'excluded' && whySkipped(machine)),
    state: STATE_OF[outcome],
    missingKbIds: open.map((interval) => interval.kbId),
    containedKbIds: [...new Set(open.flatMap(({ contains }) => contains))].sort(byText),
    missingSince: open.map((interval) => ({ appearedSnapshotId: interval.appearedSnapshotId, ...beginningOf(interval) })),
    missing: open.length,
    oldestMissingAt: oldest === undefined ? null : snapshotStartAt(oldest),
    // Its platform or its onboarding is told by a listing; what excludes a machine that is not listed is MACHINE_FILTER.
    filteredOut: outcome === 'excluded' && machine.lastListedSnapshotId !== snapshotId,
  }
}

const STATE_OF = { observed: 'observed', removed: 'removed', excluded: 'skipped' } as const satisfies Record<TransitionOutcome, unknown>

const NO_FAULT = { code: null, detail: null, status: 0, attempts: 0, retryInSnapshotId: null } as const

/** A platform that is not asked needs no cause: MACHINE_PLATFORMS says so. */
function whySkipped({ wanted, onboardingStatus }: Machine) {
  if (!wanted || isOnboarded(onboardingStatus)) return {}
  return { code: 'notOnboarded', detail: `Defender lists it as ${onboardingStatus ?? ''}: it cannot say what it is missing` }
}

/** What an answer leaves, whatever it said. */
function observationOf(machine: Machine, { snapshotId, nowMs }: SettledIn, { observedAt, source, reportedAt, osVersion }: Provenance) {
  return {
    lastObservedSnapshotId: snapshotId,
    observedAt,
    observedSource: source,
    observedLastSeen: reportOf(machine, reportedAt, nowMs),
    osVersion: osVersion ?? machine.osVersion,
    ...observedSystem(machine),
  }
}

/** What a listing leaves out stays as it was known. */
const observedSystem = ({ osPlatform, version, observedOsPlatform, observedVersion }: Machine) => ({
  observedOsPlatform: osPlatform ?? observedOsPlatform,
  observedVersion: version ?? observedVersion,
})

/** What stays of a machine that a snapshot settles: its last observation, and since when it is known. */
function kept(machine: Machine, snapshotId: string) {
  const { machineId, lastObservedSnapshotId, observedAt, missingKbIds, missingSince, missing, oldestMissingAt, changedSnapshotId } = machine
  const { observedLastSeen, observedOsPlatform, observedVersion, observedSource, osVersion, containedKbIds } = machine
  // A listing without a name leaves the known one standing.
  const namedAs = machine.computerDnsName ?? machine.namedAs
  const known = {
    firstListedSnapshotId: machine.firstListedSnapshotId ?? (machine.settledSnapshotId === null ? snapshotId : null),
    namedAs,
    observedAt,
    observedLastSeen,
    observedOsPlatform,
    observedVersion,
    observedSource,
    osVersion,
    missingKbIds,
    containedKbIds,
    missingSince,
    missing,
    oldestMissingAt,
  }
  return { machineId, lastObservedSnapshotId, changedSnapshotId, ...known }
}
