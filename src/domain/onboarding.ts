import type { Machine } from './machine.ts'

/**
 * Whether Defender can know what a machine misses: `CanBeOnboarded`, `Unsupported` and `InsufficientInfo` are of machines that it only saw
 * on the network. A status that is not there counts as onboarded. https://learn.microsoft.com/defender-endpoint/api/machine
 */
export const isOnboarded = (onboardingStatus: string | null): boolean =>
  onboardingStatus === null || onboardingStatus.toLowerCase() === 'onboarded'

type AskedMachine = Pick<Machine, 'wanted' | 'onboardingStatus' | 'lastObservedSnapshotId' | 'notOnboardedSnapshotId'>

/**
 * Whether a machine is asked in a snapshot that listed it: it is of a wanted platform, and onboarded. One that was ever observed is asked
 * until two snapshots on end say that it is not: listings flap.
 */
export function isAsked(machine: AskedMachine, snapshotId: string): boolean {
  if (!machine.wanted || isOnboarded(machine.onboardingStatus)) return machine.wanted
  const { lastObservedSnapshotId, notOnboardedSnapshotId } = machine
  return lastObservedSnapshotId !== null && (notOnboardedSnapshotId === null || notOnboardedSnapshotId === snapshotId)
}

/** The first of the snapshots on end that found a machine not onboarded, once this one is settled. */
export function notOnboardedSince({ onboardingStatus, notOnboardedSnapshotId }: AskedMachine, snapshotId: string): string | null {
  return isOnboarded(onboardingStatus) ? null : (notOnboardedSnapshotId ?? snapshotId)
}
