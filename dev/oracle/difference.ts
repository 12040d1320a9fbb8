/** A figure that the program answered otherwise than it had to. */
export interface Difference {
  /** What was asked. */
  path: string
  /** Which figure of the answer: `intervals[5077181 2026-03-02T02:00:00Z].resolvedReason`. */
  figure: string
  expected: unknown
  got: unknown
}

/** Where an answer departs from what is expected. Members that are not expected are not looked at; lists must have the same rows in the same order. */
export function differencesOf(path: string, expected: unknown, got: unknown): Difference[] {
  return compare(expected, got, '').map((difference) => ({ path, ...difference }))
}

type Found = Omit<Difference, 'path'>

function compare(expected: unknown, got: unknown, figure: string): Found[] {
  if (Array.isArray(expected)) return compareLists(expected, got, figure)
  if (typeof expected === 'object' && expected !== null) return compareObjects(expected as Row, got, figure)
  return isSame(expected, got) ? [] : [{ figure, expected, got }]
}

type Row = Record<string, unknown>

function compareObjects(expected: Row, got: unknown, figure: string): Found[] {
  if (typeof got !== 'object' || got === null) return [{ figure, expected, got }]
  return Object.entries(expected).flatMap(([name, value]) => compare(value, (got as Row)[name], figure === '' ? name : `${figure}.${name}`))
}

function compareLists(expected: readonly unknown[], got: unknown, figure: string): Found[] {
  if (!Array.isArray(got)) return [{ figure, expected, got }]
  const [wanted, found] = [expected.map(labelOf), got.map(labelOf)]
  const isNamed = new Set(wanted).size === wanted.length && wanted.every((label) => label !== '')
  if (!isNamed || wanted.join('\n') === found.join('\n')) {
    if (expected.length !== got.length) return [{ figure: `${figure} (how many)`, expected: expected.length, got: got.length }]
    return expected.flatMap((row, index) => compare(row, got[index], `${figure}[${wanted[index] || index}]`))
  }
  const missing = wanted
    .filter((label) => !found.includes(label))
    .map((label) => ({ figure: `${figure}[${label}]`, expected: 'a row', got: 'none' }))
  const extra = found
    .filter((label) => !wanted.includes(label))
    .map((label) => ({ figure: `${figure}[${label}]`, expected: 'none', got: 'a row' }))
  const both = expected.flatMap((row, index) => {
    const at = found.indexOf(wanted[index] ?? '')
    return at === -1 ? [] : compare(row, got[at], `${figure}[${wanted[index]}]`)
  })
  const order =
    missing.length + extra.length === 0 ? [{ figure: `${figure} (order)`, expected: wanted.join(', '), got: found.join(', ') }] : []
  return [...missing, ...extra, ...order, ...both]
}

const NAMES = ['machineId', 'kbId', 'key', 'cohort', 'month', 'snapshotId', 'appearedSnapshotId', 'change', 'at', 'from'] as const

/** What tells a row from the others of its list: its ids. */
function labelOf(row: unknown): string {
  if (typeof row !== 'object' || row === null) return String(row)
  return NAMES.flatMap((name) => {
    const value = (row as Row)[name]
    return typeof value === 'string' || value === null ? [String(value)] : []
  }).join(' ')
}

const INSTANT = /^\d{4}-\d\d-\d\dT/

/** Defender tells time to seven digits, the simulated world to three. */
function isSame(expected: unknown, got: unknown): boolean {
  if (Object.is(expected, got)) return true
  if (typeof expected !== 'string' || typeof got !== 'string') return false
  return INSTANT.test(expected) && INSTANT.test(got) && Date.parse(expected) === Date.parse(got)
}
