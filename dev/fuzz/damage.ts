import type { Random } from './random.ts'

export const TABLES = [
  'tenants',
  'snapshots',
  'machines',
  'missingkbs',
  'changes202603',
  'kbs',
  'kbtotals',
  'trends',
  'kbtrends',
  'names',
] as const
export type TableName = (typeof TABLES)[number]

/** A property as a tool that knows nothing of the program may leave it; undefined: it is gone. */
export type Cell =
  string | number | boolean | bigint | { type: 'Guid' | 'DateTime' | 'Binary' | 'Double' | 'Int64'; value: string } | undefined

/** What another tool does to a table. Rows and columns are told by a number, of as many as there are. */
export type Damage =
  | { kind: 'set'; table: TableName; row: number; column: number | string; cell: Cell }
  | { kind: 'delete'; table: TableName; row: number }
  | { kind: 'add'; table: TableName; row: number; rowKey: string; cells: Record<string, Cell> }

/** What the next snapshot goes by. */
const DECISIVE: readonly TableName[] = ['machines', 'machines', 'machines', 'missingkbs', 'missingkbs', 'tenants']

const DECISIVE_COLUMNS: Record<TableName, readonly string[]> = {
  tenants: ['activeSnapshotId', 'lastSnapshotId', 'baselineSnapshotId', 'scheduledThrough', 'sliceOpen', 'leaseUntil'],
  snapshots: ['status', 'phase', 'cursor', 'listingComplete', 'changedBuckets', 'finishedAt'],
  machines: [
    'missing',
    'missingKbIds',
    'wanted',
    'state',
    'lastObservedSnapshotId',
    'settledSnapshotId',
    'lastListedSnapshotId',
    'code',
    'gap',
  ],
  missingkbs: [
    'kbId',
    'appearedSnapshotId',
    'resolvedSnapshotId',
    'resolvedReason',
    'snapshotId',
    'outcome',
    'exposedSince',
    'toSnapshotId',
  ],
  changes202603: ['change', 'reason', 'appearedSnapshotId', 'exposedSince'],
  kbs: ['kbId', 'productsNames', 'lastSeenSnapshotId'],
  kbtotals: ['kbId', 'machinesMissing'],
  trends: ['snapshotId', 'pairs', 'exposed', 'ended_installed', 'takenOver', 'items', 'period', 'became', 'written'],
  kbtrends: ['missing', 'became', 'opened'],
  names: ['name'],
}

/** What passes for nothing at all. */
const NOTHING: readonly Cell[] = [undefined, '', 0, false, '*', '[]']

const CELLS: readonly Cell[] = [
  undefined,
  '',
  ' ',
  'null',
  '[]',
  '{}',
  '["a"]',
  '*',
  '-',
  '~',
  '0',
  'x'.repeat(30_000),
  'observed',
  'removed',
  'running',
  'completed',
  'totals',
  '20260302T020000Z',
  '20260305T020000Z',
  '20991231T235959Z',
  '99991231T235959Z',
  '2026-03-05T02:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-13-99',
  'ffff',
  0,
  1,
  -1,
  7,
  2 ** 31 - 1,
  1.5,
  true,
  false,
  12n,
  -1n,
  9_007_199_254_740_993n,
  { type: 'Int64', value: '9223372036854775807' },
  { type: 'Double', value: 'NaN' },
  { type: 'Double', value: 'Infinity' },
  { type: 'DateTime', value: '2026-03-05T02:00:00Z' },
  { type: 'Guid', value: 'd8a3f0c4-6b0e-4ad4-9d0c-2f6c1f6f0c11' },
  { type: 'Binary', value: 'AAEC' },
]

const KEYS = [
  ...[
    '0',
    ' ',
    '!',
    '~',
    'zz',
    '|',
    '||',
    'a|',
    '|20260302T020000Z',
    'x|20260302T020000Z',
    'x|99999999T999999Z',
    'State',
    'state2',
    ':0041',
    ':',
  ],
  ...[
    "'",
    "o''brien",
    '"',
    '%',
    '%2F',
    '..',
    'é',
    '漢',
    '😀',
    '{',
    '}',
    '<b>',
    'null',
    '20260302T020000Z',
    '20991231T235959Z',
    'f'.repeat(40),
  ],
  ...['F'.repeat(40), `${'f'.repeat(40)}|x`, 'x'.repeat(400)],
]

export function drawDamage(random: Random): Damage {
  const table = random.pick([...TABLES, ...DECISIVE])
  const row = random.between(0, 999)
  const set = (): Damage => {
    const column = random.isIn(0.5) ? random.pick(DECISIVE_COLUMNS[table]) : random.between(0, 99)
    return { kind: 'set', table, row, column, cell: random.pick(random.isIn(0.4) ? NOTHING : CELLS) }
  }
  return random.oneOf<Damage>([
    set,
    set,
    set,
    () => ({ kind: 'delete', table, row }),
    () => ({ kind: 'add', table, row, rowKey: random.pick(KEYS), cells: { x: random.pick(CELLS), kbId: random.pick(CELLS) } }),
  ])
}
