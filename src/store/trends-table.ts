import { firstRows } from './first-rows.ts'
import { odata } from '@azure/data-tables'
import {
  type CohortPoint,
  type GroupPeriod,
  type Grouping,
  type GroupPoint,
  SNAPSHOT_ID_LENGTH,
  type Top,
  type TopList,
  type TrendDay,
  type TrendPoint,
} from '../domain/index.ts'
import { deleteSpan } from './delete-span.ts'
import { groupPart } from './group-part.ts'
import { type KeySpan, type SpanPage, toSpanPage } from './key-span.ts'
import { keyAfter, keyRange, rowKeys, type TenantKeys, trendPartitions } from './keys.ts'
import type { RowFormat } from './read-row.ts'
import type { Table } from './table.ts'
import { topFormat } from './top-format.ts'
import { encodeRow, cohortFormat, decodePoint, dayFormat, groupFormat, pointFormat, toStoredPoint } from './trend-format.ts'

/** Keys from the first to the last, both inclusive. */
export interface KeyStretch {
  from: string
  to: string
}

/** What was counted at the ends of snapshots. Every answer is one partition, read in pages of 1,000 rows. */
export class TrendsTable {
  readonly #table: Table
  readonly #keys: TenantKeys

  constructor(table: Table, keys: TenantKeys) {
    this.#table = table
    this.#keys = keys
  }

  /** The points of ended snapshots by id, oldest first; no more than `most` of them. */
  async points({ from, to }: KeyStretch, most = Infinity): Promise<TrendPoint[]> {
    const rows = await this.#read(trendPartitions.snapshots, { from, to }, pointFormat, most)
    return rows.map(({ rowKey, values }) => ({ snapshotId: rowKey, ...decodePoint(values) }))
  }

  async point(snapshotId: string): Promise<TrendPoint | undefined> {
    return (await this.points({ from: snapshotId, to: snapshotId }))[0]
  }

  /** Days with an ended snapshot, `20260518`, oldest first. */
  async days({ from, to }: KeyStretch): Promise<TrendDay[]> {
    const rows = await this.#read(trendPartitions.days, { from, to }, dayFormat)
    return rows.map(({ rowKey, values }) => ({ day: rowKey, ...decodePoint(values) }))
  }

  /** The groups of a grouping by period, in the order of periods: snapshot ids, days or months. */
  async groups(grouping: Grouping, period: GroupPeriod, { from, to }: KeyStretch): Promise<GroupPoint[]> {
    const span = { from, to: keyRange(to).to }
    const rows = await this.#read(trendPartitions.groups[grouping][period], span, groupFormat)
    return rows.map(({ values }) => decodePoint(values))
  }

  /** One group of machines by day, oldest first; null is that of machines without one. Groups begin when they were first counted. */
  async groupDays(group: string | null, { from, to }: KeyStretch): Promise<GroupPoint[]> {
    const rows = await this.#read(trendPartitions.group(groupPart(group)), { from, to }, groupFormat)
    return rows.map(({ values }) => decodePoint(values))
  }

  /** The points of cohorts, `202605`, by cohort and day. */
  async cohorts({ from, to }: KeyStretch): Promise<CohortPoint[]> {
    const span = { from, to: keyRange(to).to }
    const rows = await this.#read(trendPartitions.cohorts, span, cohortFormat)
    return rows.map(({ rowKey, values }) => toCohortPoint(rowKey, values))
  }

  /** All lists of a snapshot, in one read; of the newest ended one they are there. */
  async top(snapshotId: string): Promise<{ [L in TopList]?: Top<L> }> {
    const span = { from: snapshotId, to: keyRange(snapshotId).to }
    const rows = await this.#read(trendPartitions.top, span, topFormat)
    return Object.fromEntries(rows.map(({ rowKey, values }) => [listOf(rowKey), { list: listOf(rowKey), snapshotId, ...values }]))
  }

  /** Points of snapshots in key order, from a place up to another one, exclusive. Places have no partition. */
  pointSpan(span: KeySpan): AsyncGenerator<SpanPage<TrendPoint>> {
    return this.#span(trendPartitions.snapshots, span, pointFormat, (snapshotId, values) => ({ snapshotId, ...decodePoint(values) }))
  }

  /** Days of groups, as `pointSpan`: a row is `rowKeys.group`. */
  groupDaySpan(span: KeySpan): AsyncGenerator<SpanPage<GroupPoint>> {
    return this.#span(trendPartitions.groups.rbacGroup.day, span, groupFormat, (_, values) => decodePoint(values))
  }

  /** Days of cohorts, as `pointSpan`: a row is `rowKeys.cohort`. */
  cohortSpan(span: KeySpan): AsyncGenerator<SpanPage<CohortPoint>> {
    return this.#span(trendPartitions.cohorts, span, cohortFormat, toCohortPoint)
  }

  async *#span<Row extends object, Point>(
    name: string,
    { from, to }: KeySpan,
    format: RowFormat<Row>,
    show: (rowKey: string, values: Row) => Point,
  ): AsyncGenerator<SpanPage<Point>> {
    const partition = this.#keys.partition(name)
    for await (const page of this.#table.spanPages({ from: { ...from, partition }, to: { ...to, partition } })) {
      yield toSpanPage(
        page,
        () => '',
        (stored) => {
          const values = this.#table.read<Row>(format, stored)
          return values && show(stored.rowKey, values)
        },
      )
    }
  }

  async writePoints(points: readonly TrendPoint[]): Promise<void> {
    await this.#write(
      points.map(({ snapshotId, ...point }) => encodeRow(this.#at('snapshots'), snapshotId, pointFormat, toStoredPoint(point))),
    )
  }

  async writeDays(days: readonly TrendDay[]): Promise<void> {
    await this.#write(days.map(({ day, ...point }) => encodeRow(this.#at('days'), day, dayFormat, toStoredPoint(point))))
  }

  async writeGroups(grouping: Grouping, period: GroupPeriod, points: readonly GroupPoint[]): Promise<void> {
    const partitionKey = this.#keys.partition(trendPartitions.groups[grouping][period])
    await this.#write(
      points.map((point) =>
        encodeRow(partitionKey, rowKeys.group(point.period, groupPart(point.group)), groupFormat, toStoredPoint(point)),
      ),
    )
  }

  /** Each group's day in the partition of its own. */
  async writeGroupDays(points: readonly GroupPoint[]): Promise<void> {
    await this.#write(
      points.map((point) => {
        const partitionKey = this.#keys.partition(trendPartitions.group(groupPart(point.group)))
        return encodeRow(partitionKey, point.period, groupFormat, toStoredPoint(point))
      }),
    )
  }

  async writeCohorts(points: readonly CohortPoint[]): Promise<void> {
    await this.#write(
      points.map(({ cohort, day, ...values }) => encodeRow(this.#at('cohorts'), rowKeys.cohort(cohort, day), cohortFormat, values)),
    )
  }

  async writeTop(lists: readonly Top[]): Promise<void> {
    await this.#write(
      lists.map(({ list, snapshotId, ...values }) => encodeRow(this.#at('top'), rowKeys.top(snapshotId, list), topFormat, values)),
    )
  }

  /** Deletes the lists of the snapshots before one. */
  async forgetTopBefore(snapshotId: string): Promise<void> {
    const partition = this.#at('top')
    for await (const _ of deleteSpan(this.#table, { from: { partition, row: '' }, to: { partition, row: snapshotId } })) continue
  }

  #at(partition: 'snapshots' | 'days' | 'cohorts' | 'top'): string {
    return this.#keys.partition(trendPartitions[partition])
  }

  async #write(rows: readonly ReturnType<typeof encodeRow>[]): Promise<void> {
    await this.#table.upsert(rows, 'Replace')
  }

  async #read<Row extends object>(partition: string, { from, to }: KeyStretch, format: RowFormat<Row>, most = Infinity) {
    const filter = odata`PartitionKey eq ${this.#keys.partition(partition)} and RowKey ge ${from} and RowKey lt ${keyAfter(to)}`
    return firstRows(this.#table, { filter }, most, (stored) => {
      const values = this.#table.read<Row>(format, stored)
      return values && { rowKey: stored.rowKey, values }
    })
  }
}

/** `202605|20260612` */
const toCohortPoint = (rowKey: string, values: Omit<CohortPoint, 'cohort' | 'day'>): CohortPoint => ({
  ...{ cohort: rowKey.slice(0, 6), day: rowKey.slice(7) },
  ...values,
})

/** `20260612T020000Z|worstKbs` -> `worstKbs` */
const listOf = (rowKey: string) => rowKey.slice(SNAPSHOT_ID_LENGTH + 1)
