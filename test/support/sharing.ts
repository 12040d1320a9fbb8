/** Is told how to close what is opened. */
export type AtEnd = (close: () => Promise<void>) => void

/** For `beforeAll`, of what several tests share: opens it, and gives what closes all of it, the last opened first. */
export async function sharing(open: (atEnd: AtEnd) => Promise<void>): Promise<() => Promise<void>> {
  const closers: (() => Promise<void>)[] = []
  await open((close) => void closers.push(close))
  return async () => {
    for (const close of closers.toReversed()) await close()
  }
}
