/**
 * Works on items as they come, so many at once, until they are through or it is to stop. An error, of the work or of reading the items,
 * stops it and is told to `onError` at once; what is under way finishes, and then it is thrown: nothing is left running behind.
 */
export async function eachAtOnce<T>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
  { isStopped = () => false, onError = () => undefined }: { isStopped?: () => boolean; onError?: () => void } = {},
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
      onError()
      throw error
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  await iterator.return?.()
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason
}
