import type { Machine, PhaseName, Snapshot } from '../../domain/index.ts'
import type { Slice } from '../slice/slice.ts'

/** What a phase came to: `more` when the slice stopped before it was through, `failed` when the snapshot ends for it, and says why. */
export type Outcome = 'done' | 'more' | 'failed'

/** One part of a snapshot. */
export interface Phase {
  readonly name: PhaseName
  /** Machines after the cursor that it has still to settle, in id order; none where it settles none. */
  toDo(slice: Slice): AsyncIterable<Machine>
  work(slice: Slice): Promise<Outcome>
  /** The phase that follows. One without work to do is passed over. */
  next(snapshot: Snapshot): PhaseName
  /** Machines under way at once, with so many calls. */
  machinesAtOnce(concurrency: number): number
  /** Machines still to be asked; undefined while that is not known. */
  machinesLeft(snapshot: Pick<Snapshot, 'wanted' | 'observed' | 'unknown'>): number | undefined
}

/** Machines under way for each call that may be: while some are asked about, others are written down, and no call waits for storage. */
export const MACHINES_PER_CALL = 2

/** What phases have in common unless they say otherwise. */
export const ANY_PHASE = {
  async *toDo() {},
  machinesAtOnce: (concurrency) => MACHINES_PER_CALL * concurrency,
  machinesLeft: ({ wanted, observed, unknown }) => Math.max(0, wanted - observed - unknown),
} satisfies Partial<Phase>
