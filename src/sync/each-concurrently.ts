import type { Slice } from './slice.ts'

/**
 * Works on items as they come, so many at once, until they are through or the slice stops. An error stops the slice, lets what
 * is under way finish, and is thrown then: nothing is left running behind.
 */
export async function eachConcurrently<T>(slice: Slice, items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  const worker = async (): Promise<void> => {
    try {
      while (!slice.stopped) {
        const next = await iterator.next()
        if (next.done) return
        await work(next.value)
      }
    } catch (error) {
      slice.stop({ kind: 'error' })
      throw error
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: slice.machinesAtOnce }, worker))
  await iterator.return?.()
  const failed = workers.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
