import { type Interval, isOpen, type TransitionOutcome } from '../store/index.ts'
import { appearedReason, type MachineEvidence, resolvedReason } from './reasons.ts'

/** One missing KB as an answer gave it. */
export interface AnsweredKb {
  kbId: string
  kbName: string | null
  productsNames: readonly string[]
  url: string | null
  cveAddressed: number | null
}

/** How a machine ended in a snapshot, as far as its intervals are concerned. `kbs` is what it is missing now: nothing, when it is gone. */
export interface Settlement {
  snapshotId: string
  outcome: TransitionOutcome
  /** The instant of the answer, ISO 8601 UTC. */
  observedAt: string
  kbs: readonly AnsweredKb[]
  /** Rows of the answer that named no KB: any of them may be one that seems to be gone, so nothing is closed. */
  dropped: number
  evidence: MachineEvidence
  /** The last snapshot that observed the machine before, '' if none. */
  lastObservedSnapshotId: string
}

/**
 * What a settlement changes in a machine's intervals: those it opens, and those it closes (closed copies of the ones given).
 * Pure, and the same for the same input, so that a transition cut off half-way can be computed again and written again.
 */
export function compare(intervals: readonly Interval[], settlement: Settlement): Interval[] {
  const open = intervals.filter(isOpen)
  const openIds = new Set(open.map((interval) => interval.kbId))
  const closedIds = new Set(intervals.filter((interval) => !isOpen(interval)).map((interval) => interval.kbId))
  const missingIds = new Set(settlement.kbs.map((kb) => kb.kbId))
  const gone = settlement.dropped > 0 ? [] : open.filter((interval) => !missingIds.has(interval.kbId))
  const appeared = settlement.kbs.filter((kb) => !openIds.has(kb.kbId))
  return [
    ...appeared.map((kb) => openInterval(kb, settlement, closedIds.has(kb.kbId))),
    ...gone.map((interval) => closeInterval(interval, settlement, appeared)),
  ]
}

function openInterval(kb: AnsweredKb, settlement: Settlement, hadClosedInterval: boolean): Interval {
  return {
    kbId: kb.kbId,
    kbName: kb.kbName,
    productsNames: [...kb.productsNames],
    url: kb.url,
    cveAddressed: kb.cveAddressed,
    appearedSnapshotId: settlement.snapshotId,
    appearedReason: appearedReason(settlement.evidence, hadClosedInterval),
    appearedObservedAt: settlement.observedAt,
    resolvedSnapshotId: '',
    resolvedReason: '',
    resolvedObservedAt: '',
    lastMissingSnapshotId: '',
    replacedBy: [],
  }
}

function closeInterval(interval: Interval, settlement: Settlement, appeared: readonly AnsweredKb[]): Interval {
  const { outcome, snapshotId, observedAt, evidence, lastObservedSnapshotId } = settlement
  const { reason, replacedBy } =
    outcome === 'observed' ? resolvedReason(evidence, interval.productsNames, appeared) : { reason: outcome, replacedBy: [] }
  return {
    ...interval,
    resolvedSnapshotId: snapshotId,
    resolvedReason: reason,
    resolvedObservedAt: observedAt,
    lastMissingSnapshotId: lastObservedSnapshotId === '' ? interval.appearedSnapshotId : lastObservedSnapshotId,
    replacedBy,
  }
}

/** The intervals as they were before a snapshot touched them: the ground on which its transition is computed again. */
export function rewind(intervals: readonly Interval[], snapshotId: string): Interval[] {
  return intervals
    .filter((interval) => interval.appearedSnapshotId !== snapshotId)
    .map((interval) =>
      interval.resolvedSnapshotId === snapshotId
        ? { ...interval, resolvedSnapshotId: '', resolvedReason: '', resolvedObservedAt: '', lastMissingSnapshotId: '', replacedBy: [] }
        : interval,
    )
}

/** The intervals after a transition: the changed ones in place of their old selves. */
export function applyTransition(intervals: readonly Interval[], changed: readonly Interval[]): Interval[] {
  const id = (interval: Interval) => `${interval.kbId}\n${interval.appearedSnapshotId}`
  const byId = new Map(intervals.map((interval) => [id(interval), interval]))
  for (const interval of changed) byId.set(id(interval), interval)
  return [...byId.values()]
}

/** Whether the answer names exactly the KBs that are open: the only question asked of an unchanged machine. */
export function sameKbs(openKbIds: readonly string[], kbs: readonly AnsweredKb[]): boolean {
  if (openKbIds.length !== kbs.length) return false
  const open = new Set(openKbIds)
  return kbs.every((kb) => open.has(kb.kbId))
}
