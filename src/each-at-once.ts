/**
 * Works on items as they come, so many at once, until they are through or it is to stop. An error stops it, lets what is under way
 * finish, and is thrown then: nothing is left running behind.
 */
export async function eachAtOnce<T>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let failed = false
  const worker = async (): Promise<void> => {
    try {
      while (!failed && !isStopped()) {
        const next = await iterator.next()
        if (next.done === true) return
        await work(next.value)
      }
    } catch (error) {
      failed = true
      throw error
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  await iterator.return?.()
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason
}
