import { isCumulative } from '../../../src/domain/product.ts'
import { DaxEngine, type Row, type Scalar, serialOf } from './dax/index.ts'
import { foldM, type Range } from './fold-m.ts'
import type { SemanticModel, Table } from './semantic-model.ts'

/** All pages of a path of the feed. */
export type ReadFeed = (path: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** As the project comes. */
export const EVERYTHING: Range = { start: Date.UTC(2020, 0, 1), end: Date.UTC(2040, 0, 1) }

/** What the queries in M add, said once more. */
const ADDED: Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => Scalar>> = {
  startedDate: ({ startedAt }) => Math.floor(serialOf(String(startedAt))),
  cumulativeProducts: ({ productsNames }) =>
    typeof productsNames === 'string' ? productsNames.split('; ').filter(isCumulative).join('|') : null,
}

/** Loads the model from a feed by its own queries, and evaluates it at an instant. `ranges`: the partitions of tables with a refresh policy. */
export async function loadModel(
  model: SemanticModel,
  readFeed: ReadFeed,
  now: number,
  ranges: readonly Range[] = [EVERYTHING],
): Promise<DaxEngine> {
  const imported = new Map<string, Row[]>()
  for (const table of model.tables.filter(({ kind }) => kind === 'm')) {
    const rows: Row[] = []
    for (const range of table.refreshPolicy ? ranges : [EVERYTHING]) rows.push(...(await rowsOf(table, readFeed, range)))
    imported.set(table.name, rows)
  }
  return new DaxEngine(model, imported, serialOf(now))
}

async function rowsOf({ name, source, columns }: Table, readFeed: ReadFeed, range: Range): Promise<Row[]> {
  // The table of measures has no rows.
  if (source.startsWith('#table(')) return []
  const { path, inUtc, added } = foldM(source, range)
  const read = await readFeed(path)
  return read.map((row) => {
    const valueOf = (column: string): Scalar => {
      if (added.includes(column)) return ADDED[column]?.(row) ?? null
      const value = row[column]
      if (value === undefined) throw new Error(`${path} has no ${column}`)
      return inUtc.includes(column) && typeof value === 'string' ? serialOf(value) : (value as Scalar)
    }
    return Object.fromEntries(columns.map((column) => [`${name}[${column.name}]`, valueOf(column.sourceColumn)]))
  })
}
