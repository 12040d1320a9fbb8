import { odata } from '@azure/data-tables'
import type { KbTrendPoint } from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { type ColumnsOf, encodeValues, integer } from './columns.ts'
import { appearedCounts, resolvedCounts } from './flows-format.ts'
import { keyAfter, keyPart, type TenantKeys } from './keys.ts'
import type { Table } from './table.ts'
import type { KeyStretch } from './trends-table.ts'

type KbTrendValues = Omit<KbTrendPoint, 'kbId' | 'snapshotId'>

const columns: ColumnsOf<KbTrendValues> = {
  missing: integer,
  appeared: appearedCounts,
  resolved: resolvedCounts,
  opened: integer,
  became: resolvedCounts,
}

/** Each KB at the ends of the snapshots in which it changed: between two of them it stays as it was. */
export class KbTrendsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  /** The points of a KB, as its id is spelt in `kbs`, by snapshot id, oldest first. */
  async points(kbId: string, { from, to }: KeyStretch): Promise<KbTrendPoint[]> {
    const filter = odata`PartitionKey eq ${this.#keys.partition(keyPart(kbId))} and RowKey ge ${from} and RowKey lt ${keyAfter(to)}`
    const points: KbTrendPoint[] = []
    for await (const stored of this.#table.rows({ filter })) {
      const values = this.#table.read<KbTrendValues>({ columns }, stored)
      if (values) points.push({ kbId, snapshotId: stored.rowKey, ...values })
    }
    return points
  }

  async write(points: readonly KbTrendPoint[]): Promise<void> {
    const encode = ({ kbId, snapshotId, ...values }: KbTrendPoint): EncodedRow => ({
      partitionKey: this.#keys.partition(keyPart(kbId)),
      rowKey: snapshotId,
      ...encodeValues<KbTrendValues>(columns, values),
    })
    await this.#table.upsert(points.map(encode), 'Replace')
  }
}
