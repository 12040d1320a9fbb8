/** The first `limit` rows of pages that may be short or empty, and whether there are more. Reads no page beyond what it needs. */
export async function takePage<T>(pages: AsyncIterable<T[]>, limit: number): Promise<{ rows: T[]; more: boolean }> {
  const rows: T[] = []
  for await (const page of pages) {
    rows.push(...page.slice(0, limit + 1 - rows.length))
    if (rows.length > limit) return { rows: rows.slice(0, limit), more: true }
  }
  return { rows, more: false }
}

/** Rows to ask a table for at once, so that a page of `limit` and the look at what follows take as few requests as can be. */
export const pageSizeOf = (limit: number) => Math.min(1000, limit + 1)

/** The `nextLink` of a page, if more follows. */
export function nextLinkAfter<T, C>({ rows, more }: { rows: readonly T[]; more: boolean }, link: (last: T) => C): { nextLink?: C } {
  const last = rows.at(-1)
  return more && last !== undefined ? { nextLink: link(last) } : {}
}
