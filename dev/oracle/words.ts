/** The reasons of the contract, spelt here again: an oracle that took the program's own words would not miss one. */
export const APPEARED = ['baseline', 'machineAdded', 'reopened', 'new'] as const
export const RESOLVED = ['removed', 'excluded', 'silent', 'upgraded', 'superseded', 'reassessed', 'installed'] as const
export type Appeared = (typeof APPEARED)[number]
export type Resolved = (typeof RESOLVED)[number]

/** After these the machine's exposure waits for what it opens next. */
export const WAITS: readonly Resolved[] = ['silent', 'excluded', 'reassessed', 'removed']

export const DAY_MS = 86_400_000
/** Defender forgets what it found on a machine that is silent for longer. */
export const SILENT_MS = 30 * DAY_MS

/** Windows: each of its updates contains the one before, and another Windows takes them away. Nothing else is known to be so. */
export const isOfWindows = (product: string): boolean => product.startsWith('windows_')

export const shares = (some: readonly string[], others: readonly string[]): boolean => some.some((product) => others.includes(product))

/** Whether an update of these products contains one of those. */
export const contains = (products: readonly string[], before: readonly string[]): boolean => shares(products.filter(isOfWindows), before)

/** `2026-03-02T02:00:00Z` */
export const instantOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

export const daysBetween = (from: number, to: number): number => Math.floor((to - from) / DAY_MS)

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** How many of each there are; none of the names is left out. */
export function countBy<Name extends string>(names: readonly Name[], found: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, found.filter((one) => one === name).length])) as Record<Name, number>
}
