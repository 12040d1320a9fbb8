/**
 * Every partition and row key of patchtrail, in one place.
 *
 * Keys keep to `[A-Za-z0-9._:-]` with `|` between parts. Table Storage refuses `/ \ # ?` and control characters
 * (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model), and `%` breaks some clients.
 */
const SEPARATOR = '|'

/** The character after the separator: `prefix| <= key < prefix}` is every key that starts with `prefix|`. */
const AFTER_SEPARATOR = '}'

/** `KB 1/2` -> `KB:00201:002f2`: any other character as `:` and four hex digits, so that different ids keep different keys. */
export function keyPart(id: string): string {
  return id.replace(/[^A-Za-z0-9._-]/g, (character) => `:${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Undoes `keyPart`. */
export function keyPartToId(part: string): string {
  return part.replace(/:([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Whether a key is what `keyPart` makes of an id. */
export const isKeyPart = (part: string): boolean => part !== '' && keyPart(keyPartToId(part)) === part

/** Whether an id, where it was read, is the one of a row's key. */
export const isOfKey = (id: string | undefined, part: string): boolean => id === undefined || keyPart(id) === part

const join = (...parts: string[]) => parts.join(SEPARATOR)

/** Bounds of all keys that begin with these parts: `from <= key < to`. */
export function keyRange(...parts: string[]): { from: string; to: string } {
  const prefix = join(...parts)
  return { from: prefix + SEPARATOR, to: prefix + AFTER_SEPARATOR }
}

/** Above every key: the characters of keys end with `z` and the separator. */
export const LAST_KEY = '~'

/** The key right behind one, whatever keys there are: keys hold no character below the space. */
export const keyAfter = (key: string) => `${key} `

export const TENANTS_PARTITION = 'tenant'

/** Among the tenants, the row of the app that reads them; behind every id. */
export const APP_ROW = 'the-app'

/** The 16 buckets of a snapshot's changes. Ids are hex, so order by (bucket, row key) is order by machine. */
export const BUCKETS = [...'0123456789abcdef']

/** A machine id that does not start with a hex digit (never seen) falls into the last bucket. */
export function bucketOf(machineId: string): string {
  const first = machineId.charAt(0).toLowerCase()
  return BUCKETS.includes(first) ? first : 'f'
}

export const STATE_ROW = 'state'

/** Before the id of the snapshot that opened a gap. No interval has such a key: that of each has a separator. */
const GAP = 'gap:'

/** Bounds of all keys of gaps, and of some intervals. */
export const GAP_KEYS = { from: GAP, to: 'gap;' }

export const isGapKey = (rowKey: string) => rowKey.startsWith(GAP) && !rowKey.includes(SEPARATOR)

/** `gap:20260612T020000Z` -> `20260612T020000Z` */
export const gapOfKey = (rowKey: string) => rowKey.slice(GAP.length)

/** Row keys that have parts. */
export const rowKeys = {
  interval: (kbId: string, appearedSnapshotId: string) => join(keyPart(kbId), appearedSnapshotId),
  gap: (fromSnapshotId: string) => GAP + fromSnapshotId,
  change: (machineId: string, kbId: string) => join(machineId, keyPart(kbId)),
  group: (period: string, part: string) => join(period, part),
  cohort: (cohort: string, day: string) => join(cohort, day),
  name: (part: string, machineId: string) => join(part, machineId),
  top: (snapshotId: string, list: string) => join(snapshotId, list),
  count: (product: string, kbId: string) => join(keyPart(product), keyPart(kbId)),
  exportedRun: (run: number) => join('run', String(run).padStart(6, '0')),
  exported: (run: number, lastMachineId: string) => join('run', String(run).padStart(6, '0'), lastMachineId),
  partial: (what: string, index: number) => join(what, String(index).padStart(4, '0')),
}

/** Long names of groups and machines: a key holds 512 characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const LONGEST_NAME_PART = 400

/**
 * A name as a part of a key, cut where it is too long; `hashOf` tells names apart that begin alike. None is the empty part.
 */
export function namePart(name: string | null, hashOf: (name: string) => string): string {
  const part = keyPart(name ?? '')
  return part.length <= LONGEST_NAME_PART ? part : `${part.slice(0, LONGEST_NAME_PART - 65).replace(/:[0-9a-f]{0,3}$/, '')}:${hashOf(part)}`
}

/** The partitions of `trends` without their tenant. */
export const trendPartitions = {
  snapshots: 's',
  days: 'd',
  cohorts: 'c',
  top: 'top',
  /** What totals have counted when a slice ends before they are through. */
  partial: 'partial',
  /** Groups of a grouping, by period: all groups of a month in one partition, for the heat map. */
  groups: { rbacGroup: { snapshot: 'gs', day: 'gd', month: 'm' }, osPlatform: { snapshot: 'ps', day: 'pd', month: 'p' } },
  /** One group by day. */
  group: (part: string) => join('g', part),
} as const

/** A partition of changes without its tenant: `20260612T020000Z|a`. */
export const changesPartition = (snapshotId: string, bucket: string) => join(snapshotId, bucket)

const DOCUMENT = 'document'
const TEXT = 'text'

/** The keys of the catalogue, which is of no tenant. */
export const catalogueKeys = {
  /** The partition of facts, whose rows are KBs. */
  kbs: 'kb',
  /** The partition of what they are made of. */
  sources: 'source',
  state: STATE_ROW,
  document: (documentId: string) => join(DOCUMENT, keyPart(documentId)),
  documents: keyRange(DOCUMENT),
  text: (name: string) => join(TEXT, keyPart(name)),
  texts: keyRange(TEXT),
  /** Undoes `text`. */
  nameOfText: (rowKey: string) => keyPartToId(rowKey.slice(TEXT.length + SEPARATOR.length)),
}

/** The partitions of one tenant, all of which begin with its id. */
export interface TenantKeys {
  tenantId: string
  /** The whole partition of a table that has one a tenant. */
  own: string
  /** A partition of a table that has many a tenant, by its parts behind the tenant. */
  readonly partition: (...parts: string[]) => string
  /** Undoes `partition`: what is behind the tenant. */
  readonly behindTenant: (partitionKey: string) => string
}

export function tenantKeys(tenantId: string): TenantKeys {
  return {
    tenantId,
    own: tenantId,
    partition: (...parts) => join(tenantId, ...parts),
    behindTenant: (partitionKey) => partitionKey.slice(tenantId.length + SEPARATOR.length),
  }
}

/** `20260612T020000Z` -> `202606`: one table of changes a month, so that retention drops tables. */
export const monthOf = (snapshotId: string) => snapshotId.slice(0, 6)
