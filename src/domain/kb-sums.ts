import type { Change } from './change.ts'
import type { KbOutcomes, PairOutcomes } from './kb.ts'
import { APPEARED_REASONS, type AppearedReason, RESOLVED_REASONS, type ResolvedReason } from './reasons.ts'
import { sumOf } from './age.ts'
import { NO_APPEARED, NO_RESOLVED } from './trend.ts'

/** What a snapshot counts of a KB. */
export interface KbSums {
  machinesMissing: number
  /** Of those, the machines that should have had it by now. */
  machinesOverdue: number
  /** An answer of this snapshot named it. */
  seen: boolean
  appeared: Record<AppearedReason, number>
  resolved: Record<ResolvedReason, number>
  /** Of those that appeared, by how the interval before of the same machine ended. */
  reopenedAfter: Record<ResolvedReason, number>
}

export const emptyKbSums = (): KbSums => ({
  machinesMissing: 0,
  machinesOverdue: 0,
  seen: false,
  appeared: { ...NO_APPEARED },
  resolved: { ...NO_RESOLVED },
  reopenedAfter: { ...NO_RESOLVED },
})

export const NO_OUTCOMES: PairOutcomes = { opened: 0, became: NO_RESOLVED }

export function addKbChange(sums: KbSums, change: Pick<Change, 'change' | 'reason' | 'reopenedAfter'>): void {
  if (isAppeared(change)) sums.appeared[change.reason]++
  else if (isResolved(change)) sums.resolved[change.reason]++
  const { reopenedAfter } = change
  if (reopenedAfter !== null) sums.reopenedAfter[reopenedAfter]++
}

type Reasoned = Pick<Change, 'change' | 'reason'>

/** An interval opened: a reason alone does not tell, since some are of both. */
export const isAppeared = <C extends Reasoned>(change: C): change is C & { reason: AppearedReason } =>
  change.change === 'appeared' && APPEARED_REASONS.some((known) => known === change.reason)

export const isResolved = <C extends Reasoned>(change: C): change is C & { reason: ResolvedReason } =>
  change.change === 'resolved' && RESOLVED_REASONS.some((known) => known === change.reason)

export const countOf = (counts: Readonly<Record<string, number>>): number => sumOf(Object.values(counts))

/** Whether any of its intervals opened or closed. */
export const hasChanged = ({ appeared, resolved }: Pick<KbSums, 'appeared' | 'resolved'>): boolean =>
  countOf(appeared) + countOf(resolved) > 0

/** What became of its pairs with what came to pass in a snapshot: a pair that is reopened is missing again, and no longer what it was. */
export function outcomesAfter(before: PairOutcomes, sums: Pick<KbSums, 'appeared' | 'resolved' | 'reopenedAfter'>): PairOutcomes {
  const became = { ...before.became }
  for (const reason of RESOLVED_REASONS) became[reason] += sums.resolved[reason] - sums.reopenedAfter[reason]
  return { opened: before.opened + countOf(sums.appeared) - countOf(sums.reopenedAfter), became }
}

/** The same for a KB's row: where the snapshot was counted before, from what there was then. */
export function countedOutcomes(known: KbOutcomes | null, snapshotId: string, sums: KbSums): KbOutcomes {
  const before = known?.snapshotId === snapshotId ? known.before : pairsOf(known)
  return { snapshotId, ...outcomesAfter(before, sums), before }
}

export const pairsOf = (outcomes: PairOutcomes | null): PairOutcomes =>
  outcomes === null ? NO_OUTCOMES : { opened: outcomes.opened, became: outcomes.became }
