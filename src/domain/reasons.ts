import { DAY_MS } from './instant.ts'
import { isOfOperatingSystem } from './product.ts'

export const APPEARED_REASONS = ['baseline', 'machineAdded', 'rebased', 'reopened', 'new'] as const
export const RESOLVED_REASONS = ['removed', 'excluded', 'rebased', 'silent', 'upgraded', 'superseded', 'reassessed', 'installed'] as const
export const REASONS = [...new Set([...APPEARED_REASONS, ...RESOLVED_REASONS])] as const satisfies readonly string[]
export type AppearedReason = (typeof APPEARED_REASONS)[number]
export type ResolvedReason = (typeof RESOLVED_REASONS)[number]

/** Defender forgets the findings of a machine that has been silent this long (VM retention: 30 days). */
export const SILENT_AFTER_DAYS = 30

/** Replacements that are named: evidence enough, and a property of 32K characters holds them. */
const MOST_REPLACEMENTS = 100

/** What is known of a machine when its answer is judged. Times are ISO 8601 UTC. */
export interface MachineEvidence {
  /** Start of the snapshot. */
  startedAt: string
  /** No answer of this machine was ever stored before. */
  firstObservation: boolean
  /** The tenant's first snapshot listed it. */
  baseline: boolean
  /** The observation before came from another source, and the two list differently: what differs is no change of the machine. */
  rebased: boolean
  /** The machine's last report, as listed in this snapshot. */
  lastSeen: string | null
  /** The machine's last report, as known at the observation before. */
  observedLastSeen: string | null
  /** Its operating system as listed in this snapshot, and as known at the observation before; null where it is not known. */
  system: OperatingSystem
  observedSystem: OperatingSystem
}

export interface OperatingSystem {
  osPlatform: string | null
  version: string | null
}

/** Why a KB appeared. The first rule that fits; the order is the design's table. */
export function appearedReason(evidence: MachineEvidence, hadClosedInterval: boolean): AppearedReason {
  if (evidence.firstObservation) return evidence.baseline ? 'baseline' : 'machineAdded'
  if (evidence.rebased) return 'rebased'
  return hadClosedInterval ? 'reopened' : 'new'
}

/**
 * Why a KB that a machine was missing is gone from its answer, with the KBs that replaced it.
 * Order of test: (removed, excluded: the machine is gone, not the KB), rebased, silent, upgraded, superseded, reassessed, installed.
 * `appeared` are the KBs that appeared in the same observation.
 */
export function resolvedReason(
  evidence: MachineEvidence,
  productsNames: readonly string[],
  appeared: readonly { kbId: string; productsNames: readonly string[] }[],
): { reason: ResolvedReason; replacedBy: string[] } {
  if (evidence.rebased) return { reason: 'rebased', replacedBy: [] }
  if (isSilent(evidence)) return { reason: 'silent', replacedBy: [] }
  if (isUpgraded(evidence) && productsNames.some(isOfOperatingSystem)) return { reason: 'upgraded', replacedBy: [] }
  const replacedBy = appeared.filter((kb) => kb.productsNames.some((product) => productsNames.includes(product))).map((kb) => kb.kbId)
  if (replacedBy.length > 0) return { reason: 'superseded', replacedBy: replacedBy.sort().slice(0, MOST_REPLACEMENTS) }
  return { reason: hasReportedSince(evidence) ? 'installed' : 'reassessed', replacedBy: [] }
}

/** The machine's last report is more than 30 days before the snapshot. */
export function isSilent(evidence: Pick<MachineEvidence, 'startedAt' | 'lastSeen'>): boolean {
  if (evidence.lastSeen === null) return false
  return Date.parse(evidence.startedAt) - Date.parse(evidence.lastSeen) > SILENT_AFTER_DAYS * DAY_MS
}

/**
 * The machine has another operating system, or another version of it, than at the observation before: updates for the old one no longer
 * apply. What is not known on either side is no evidence.
 */
export function isUpgraded({ system, observedSystem }: Pick<MachineEvidence, 'system' | 'observedSystem'>): boolean {
  const isOther = (now: string | null, before: string | null) =>
    now !== null && before !== null && now.toLowerCase() !== before.toLowerCase()
  return isOther(system.osPlatform, observedSystem.osPlatform) || isOther(system.version, observedSystem.version)
}

/**
 * The last report that is known of a machine. Reports do not go back: an older `lastSeen`, or none, is a flap, and must not make the known
 * one look new again. One from the future is none: every later report would look older.
 */
export function newestReport(
  { lastSeen, observedLastSeen }: Pick<MachineEvidence, 'lastSeen' | 'observedLastSeen'>,
  nowMs: number,
): string | null {
  const listed = lastSeen !== null && Date.parse(lastSeen) - nowMs > DAY_MS ? null : lastSeen
  if (listed === null || observedLastSeen === null) return listed ?? observedLastSeen
  return Date.parse(listed) > Date.parse(observedLastSeen) ? listed : observedLastSeen
}

/** The machine sent a report later than the one known at the observation before. Without both there is no evidence. */
export function hasReportedSince(evidence: Pick<MachineEvidence, 'lastSeen' | 'observedLastSeen'>): boolean {
  if (evidence.lastSeen === null || evidence.observedLastSeen === null) return false
  return Date.parse(evidence.lastSeen) > Date.parse(evidence.observedLastSeen)
}
