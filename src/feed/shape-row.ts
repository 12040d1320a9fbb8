import type { FeedRow, FeedValue } from './filter/value.ts'
import type { MetadataLevel } from './media-type.ts'
import { type EdmType, type EntitySet, NAMESPACE } from './model.ts'

export interface RowShape {
  set: EntitySet
  /** undefined for all. */
  select: readonly string[] | undefined
  metadata: MetadataLevel
  omitNulls: boolean
}

type ShapedRow = Record<string, FeedValue>

/** Types that are not told from a JSON value, and so are named in full metadata. */
const NAMED_TYPES: Partial<Record<EdmType, string>> = { 'Edm.Int32': '#Int32', 'Edm.DateTimeOffset': '#DateTimeOffset' }

/** Makes the rows of an answer what its caller asked for. */
export function rowShaper({ set, select, metadata, omitNulls }: RowShape): (row: FeedRow) => ShapedRow | FeedRow {
  const properties = set.properties.filter(({ name }) => select?.includes(name) ?? true)
  const isFull = metadata === 'full'
  if (!select && !omitNulls && !isFull) return (row) => row
  return (row) => {
    const shaped: ShapedRow = isFull ? { '@odata.type': `#${NAMESPACE}.${set.typeName}`, '@odata.id': rowId(set, row) } : {}
    for (const { name, type } of properties) {
      const value = row[name] ?? null
      if (value === null && omitNulls) continue
      const named = NAMED_TYPES[type]
      if (isFull && named !== undefined && value !== null) shaped[`${name}@odata.type`] = named
      shaped[name] = value
    }
    return shaped
  }
}

/** The address of a row below the feed's root: `Kbs('5094127')`. */
function rowId({ name, key }: EntitySet, row: FeedRow): string {
  const text = (property: string) => `'${encodeURIComponent(String(row[property])).replaceAll("'", "''")}'`
  const [only = ''] = key
  return `${name}(${key.length === 1 ? text(only) : key.map((property) => `${property}=${text(property)}`).join(',')})`
}
