import type { MachineRow } from '../store/index.ts'
import { eachConcurrently } from './each-concurrently.ts'
import { Progress, type Tally } from './progress.ts'
import type { Slice } from './slice.ts'
import { toDo } from './to-do.ts'

/** A machine that a phase has taken up; `settled` counts what it came to. */
export interface Begun {
  row: MachineRow
  settled: (tally: Tally) => void
}

/**
 * Settles a phase's machines after the cursor, some at a time, writes them down and moves the cursor. `settle` returns undefined when
 * the slice stopped before the machine came to anything.
 */
export async function settleEach(
  slice: Slice,
  settle: (slice: Slice, row: MachineRow) => Promise<Tally | undefined>,
  begin: (slice: Slice, progress: Progress) => AsyncIterable<Begun> = beginToDo,
): Promise<'done' | 'more'> {
  const { snapshot } = slice
  const progress = new Progress(snapshot.cursor)
  await eachConcurrently(slice, begin(slice, progress), async ({ row, settled }) => {
    const tally = await settle(slice, row)
    if (!tally) return
    settled(tally)
    slice.noteProgress()
  })
  await slice.journal.flush()
  for (const name of Object.keys(progress.tally) as (keyof Tally)[]) snapshot[name] += progress.tally[name]
  snapshot.cursor = progress.cursor
  return slice.stopped ? 'more' : 'done'
}

async function* beginToDo(slice: Slice, progress: Progress): AsyncGenerator<Begun> {
  for await (const row of toDo(slice)) yield { row, settled: progress.begin(row.machineId) }
}
