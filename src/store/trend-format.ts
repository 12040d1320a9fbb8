import {
  type CohortPoint,
  type Flows,
  type GroupPoint,
  isSnapshotId,
  SNAPSHOT_STATUSES,
  SOURCE_KINDS,
  type Standings,
  type TrendDay,
  type TrendPoint,
} from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { encodeValues, integer, optionalText, text, word } from './columns.ts'
import { flowsColumns, fromStoredFlows, resolvedCounts, standingsColumns, type StoredFlows, toStoredFlows } from './flows-format.ts'
import type { RowFormat } from './read-row.ts'

/** A point as it is stored: its flows by column. */
export type StoredPoint<Point extends Flows> = Omit<Point, keyof Flows> & StoredFlows

const ofSnapshot = {
  status: word(SNAPSHOT_STATUSES),
  source: word(SOURCE_KINDS, 'perMachine'),
  listed: integer,
  skipped: integer,
  missingKbs: integer,
  calls: integer,
  throttled: integer,
}

export const pointFormat: RowFormat<StoredPoint<Omit<TrendPoint, 'snapshotId'>>> = {
  columns: { ...ofSnapshot, ...standingsColumns, ...flowsColumns },
  isKey: isSnapshotId,
}

export const dayFormat: RowFormat<StoredPoint<Omit<TrendDay, 'day'>>> = {
  columns: { snapshotId: text, ...ofSnapshot, ...standingsColumns, ...flowsColumns },
}

/** The group's name stands in a column: its key may have been cut. */
export const groupFormat: RowFormat<StoredPoint<GroupPoint>> = {
  columns: { group: optionalText, snapshotId: text, period: text, ...standingsColumns, ...flowsColumns },
}

export const cohortFormat: RowFormat<Omit<CohortPoint, 'cohort' | 'day'>> = {
  columns: { snapshotId: text, kbs: integer, opened: integer, missing: integer, became: resolvedCounts },
}

export function toStoredPoint<Point extends Flows>(point: Point): StoredPoint<Point> {
  const { appeared: _a, ended: _e, installedAtLeast: _i, takenOver: _t, ...rest } = point
  return { ...rest, ...toStoredFlows(point) }
}

/** Undoes `toStoredPoint`. */
export function decodePoint<Rest extends Standings>(stored: Rest & StoredFlows): Omit<Rest, keyof StoredFlows> & Flows {
  const rest = Object.entries(stored).filter(([name]) => !Object.hasOwn(flowsColumns, name))
  return { ...(Object.fromEntries(rest) as Omit<Rest, keyof StoredFlows>), ...fromStoredFlows(stored) }
}

export function encodeRow<Row extends object>(partitionKey: string, rowKey: string, { columns }: RowFormat<Row>, values: Row): EncodedRow {
  return { partitionKey, rowKey, ...encodeValues<Row>(columns, values) }
}
