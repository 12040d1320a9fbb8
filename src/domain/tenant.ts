import { assessedOf } from './assessed.ts'
import type { BudgetName } from './budget-name.ts'
import { atOf, isFarAhead } from './instant.ts'
import { type EndedFigures, endedFigures, type LastExport, ppmOf } from './ended-figures.ts'
import { broughtAnswers, isEnded, type Snapshot, type SourceKind, type Trigger } from './snapshot.ts'
import { nextSnapshotId, snapshotStartAt } from './snapshot-id.ts'
import type { TenantSettings } from './tenant-settings.ts'
import { type Sampling, samplingAfter } from './verification.ts'

/** What is known of a tenant: what is set for it, who writes for it, its active snapshot, its call budgets, where its history begins and stands. */
export interface TenantState extends TenantSettings, Dispatched, Deletion, EndedFigures, LastExport, Sampling {
  createdAt: string | null
  lastTickAt: string | null
  /** Who may write for this tenant, and until when. */
  leaseOwner: string | null
  leaseUntil: string | null
  /** Set when a slice begins, cleared when it ends in order: still set at the next slice means that one was killed. */
  sliceOpen: boolean
  /** The snapshot that is pending or running. */
  activeSnapshotId: string | null
  activeTrigger: Trigger | null
  /** How it learns what machines miss; null of an older version. */
  activeSource: SourceKind | null
  activeSlices: number
  activeCalls: number
  activeThrottled: number
  activeRetries: number
  activeMilliseconds: number
  activeSkippedStarts: number
  /** Milliseconds of slices on end in which no machine came to its end; waits for calls are not counted. */
  activeStalledMilliseconds: number
  /** Slices on end that were killed or failed. */
  brokenSlices: number
  /** The machine that a careful slice has in hand: what a slice that breaks now breaks at. */
  suspectMachineId: string | null
  /** Careful slices on end that took it in hand. */
  suspectSlices: number
  /** Call budgets, in the ledger's own text. */
  missingKbsBudget: string | null
  machinesBudget: string | null
  exportsBudget: string | null
  /** The budget that had no call left when the last slice ended. */
  waitsForBudget: BudgetName | null
  /** No call before this instant: Defender said so (429), or it seems to be out of order. */
  notBefore: string | null
  /** Scheduled starts up to this instant are dealt with. */
  scheduledThrough: string | null
  /** The newest snapshot ever begun. */
  lastSnapshotId: string | null
  /** The first snapshot that listed machines: what it listed is the baseline. */
  baselineSnapshotId: string | null
  /** The oldest snapshot, where history begins. */
  oldestSnapshotId: string | null
  lastEndedSnapshotId: string | null
  lastEndedAt: string | null
  /** When a snapshot last ended that had an answer for any machine, or none to ask. */
  lastAnsweredAt: string | null
  /** The first snapshot that counted groups for trends. */
  trendsSince: string | null
  /** The first snapshot that kept the gaps of machines. */
  gapsSince: string | null
  /** Trends of all snapshots before are there: there were none, or they are derived. */
  trendsDerived: boolean
  /** Deriving them failed: not again before this instant. */
  trendsRetryAt: string | null
  /** Of the newest snapshot that ended completed or incomplete: machines assessed of those to be asked, in parts of a million. */
  assessedPpm: number | null
  /** Why Defender refuses the app, until it answers again. */
  blockedCode: string | null
  blockedDetail: string | null
  blockedAt: string | null
  /** Since when the app's identity gives no token, and its own text, until it gives one again. */
  identitySince: string | null
  identityDetail: string | null
}

/** Of many tenants: the message that a tick sent for this one. */
export interface Dispatched {
  /** When it was sent last; null once a slice was taken. */
  dispatchedAt: string | null
  /** How often it was sent since a slice was taken. */
  dispatches: number
  /** When a slice last ended, in order or not. */
  lastSliceAt: string | null
}

/** A tenant that is being deleted with its history: hidden, never read again, and its rows go. */
export interface Deletion {
  deletingSince: string | null
  /** Rows gone so far. */
  deletedRows: number
}

export type TenantPatch = Partial<TenantState>

/** A tenant seen for the first time: the schedule counts from now. */
export function freshTenant(nowMs: number): TenantPatch {
  return { createdAt: atOf(nowMs), scheduledThrough: atOf(nowMs), lastTickAt: null }
}

/** What makes a snapshot the tenant's active one; its counters begin at 0. */
export type Activation = TenantPatch & { activeSnapshotId: string }

/** The tenant's part in beginning a snapshot. Nothing may be active. */
export function activateSnapshot(
  { lastSnapshotId, oldestSnapshotId }: Pick<TenantState, 'lastSnapshotId' | 'oldestSnapshotId'>,
  trigger: Trigger,
  nowMs: number,
  source: SourceKind = 'perMachine',
): Activation {
  const snapshotId = nextSnapshotId(nowMs, lastSnapshotId)
  return {
    activeSnapshotId: snapshotId,
    activeTrigger: trigger,
    activeSource: source,
    activeSlices: 0,
    activeCalls: 0,
    activeThrottled: 0,
    activeRetries: 0,
    activeMilliseconds: 0,
    activeSkippedStarts: 0,
    activeStalledMilliseconds: 0,
    brokenSlices: 0,
    suspectMachineId: null,
    suspectSlices: 0,
    lastSnapshotId: snapshotId,
    oldestSnapshotId: oldestSnapshotId ?? snapshotId,
  }
}

/** The active snapshot is done: the tenant lets go of it and remembers it. */
export function endSnapshot(
  snapshot: Snapshot,
  tenant: Pick<TenantState, 'lastEndedSnapshotId' | 'trendsSince' | 'gapsSince' | 'lastExportAt'>,
): TenantPatch {
  const { snapshotId, status, finishedAt } = snapshot
  return {
    activeSnapshotId: null,
    activeTrigger: null,
    activeSource: null,
    lastEndedSnapshotId: snapshotId,
    lastEndedAt: finishedAt ?? snapshotStartAt(snapshotId),
    ...(tenant.trendsSince === null && { trendsSince: snapshotId }),
    // One that fails opens none, and what began before gaps were kept would seem to begin later.
    ...(tenant.gapsSince === null && (status !== 'failed' || tenant.lastEndedSnapshotId === null) && { gapsSince: snapshotId }),
    ...(tenant.lastEndedSnapshotId === null && { trendsDerived: true }),
    // Starts that fell due while it ran are counted on it.
    ...(finishedAt !== null && { scheduledThrough: laterStart(snapshotId, finishedAt) }),
    ...(status !== 'failed' && { assessedPpm: ppmOf(assessedOf(snapshot)) }),
    ...endedFigures(snapshot),
    ...samplingAfter(snapshot, tenant.lastExportAt),
    ...(broughtAnswers(snapshot) && { lastAnsweredAt: finishedAt }),
    // Defender answered: it does not refuse the app any more.
    ...(status !== 'failed' && { blockedCode: null, blockedDetail: null, blockedAt: null }),
  }
}

/** Its end, or its start where the clock went back meanwhile: that start must not be served twice. Ids may be far ahead after a wrong clock. */
function laterStart(snapshotId: string, finishedAt: string): string {
  const startAt = snapshotStartAt(snapshotId)
  const finishedMs = Date.parse(finishedAt)
  return Date.parse(startAt) > finishedMs && !isFarAhead(startAt, finishedMs) ? startAt : finishedAt
}

/** A snapshot with its running counters, which the tenant keeps while it is active. */
export function withRunningCounters(snapshot: Snapshot, tenant: TenantState): Snapshot {
  if (snapshot.snapshotId !== tenant.activeSnapshotId || isEnded(snapshot)) return snapshot
  return {
    ...snapshot,
    slices: tenant.activeSlices,
    calls: tenant.activeCalls,
    throttled: tenant.activeThrottled,
    retries: tenant.activeRetries,
    activeMilliseconds: tenant.activeMilliseconds,
    skippedStarts: tenant.activeSkippedStarts,
  }
}
