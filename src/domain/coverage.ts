import type { Snapshot } from './snapshot.ts'

type Machines = Pick<Snapshot, 'status' | 'wanted' | 'observed' | 'unknown'>

/** Machines observed of those to be asked, 0 to 1. With none to be asked, a snapshot that ended in order covers everything. */
export function coverageOf({ status, wanted, observed }: Machines): number {
  if (wanted > 0) return Math.min(1, observed / wanted)
  return status === 'completed' || status === 'incomplete' ? 1 : 0
}

/**
 * How much of a snapshot is done, 0 to 1; 1 only when it has ended in order. A failed one stays where it ended: the machines that it
 * never came to ask count as unknown at its end, and are not done.
 */
export function progressOf({ status, wanted, observed, unknown }: Machines): number {
  if (status === 'completed' || status === 'incomplete') return 1
  if (wanted === 0) return 0
  const done = status === 'failed' ? observed : observed + unknown
  return Math.min(0.99, Math.floor((done / wanted) * 100) / 100)
}
