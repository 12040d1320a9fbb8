import fc from 'fast-check'
import { type Change, type Interval, snapshotIdOf, snapshotStartAt } from '../../src/domain/index.ts'
import { changeKey, bucketOf, type ChangeRange } from '../../src/store/index.ts'
import type { ChangeSource } from '../../src/history/change-source.ts'

const FIRST = Date.parse('2026-05-30T02:00:00Z')
const WEEK_MS = 7 * 86_400_000

/** What every machine was seen missing in every snapshot; undefined where there was no observation. */
export type Observations = (readonly string[] | undefined)[][]

export interface History {
  machineIds: string[]
  snapshotIds: string[]
  changes: Change[]
  intervals: Map<string, Interval[]>
  /** `machineId|kbId` of all pairs that are missing at a snapshot's end, by snapshot id. */
  states: Map<string, Set<string>>
}

/** Ids in several buckets, some of them close neighbours, and one that is the beginning of another. */
const MACHINE_IDS = ['0a', '0a1', '0b', '7f00', '7f01', 'a', 'f9', 'zz-top']
/** Ids that sort and encode in every odd way. */
const KB_IDS = ['5094127', '5095051', 'KB 1/2', "O'Brien", '=1+1', 'a|b', 'ü€']

/** Weekly snapshots across two months of change tables. */
export const snapshotIdAt = (index: number) => snapshotIdOf(FIRST + index * WEEK_MS)

export const histories: fc.Arbitrary<History> = fc
  .record({ snapshots: fc.integer({ min: 1, max: 7 }), machineIds: fc.subarray(MACHINE_IDS, { minLength: 1 }) })
  .chain(({ snapshots, machineIds }) =>
    fc
      .array(
        fc.array(fc.option(fc.subarray(KB_IDS), { nil: undefined, freq: 6 }), {
          minLength: machineIds.length,
          maxLength: machineIds.length,
        }),
        {
          minLength: snapshots,
          maxLength: snapshots,
        },
      )
      .map((observations) => playHistory(machineIds, observations)),
  )

/** Plays observations through the plainest possible rules: what is seen opens, what is no longer seen closes, no answer does nothing. */
export function playHistory(machineIds: string[], observations: Observations): History {
  const history: History = {
    machineIds,
    snapshotIds: [],
    changes: [],
    intervals: new Map(machineIds.map((id) => [id, []])),
    states: new Map(),
  }
  const state = new Set<string>()
  observations.forEach((seen, index) => {
    const snapshotId = snapshotIdAt(index)
    machineIds.forEach((machineId, machine) => {
      const kbIds = seen[machine]
      if (kbIds) observe(history, state, snapshotId, machineId, kbIds)
    })
    history.snapshotIds.push(snapshotId)
    history.states.set(snapshotId, new Set(state))
  })
  return history
}

function observe(history: History, state: Set<string>, snapshotId: string, machineId: string, kbIds: readonly string[]): void {
  const intervals = history.intervals.get(machineId) ?? []
  for (const interval of intervals.filter((one) => one.resolvedSnapshotId === null && !kbIds.includes(one.kbId))) {
    Object.assign(interval, {
      resolvedSnapshotId: snapshotId,
      resolvedReason: interval.kbId < '6' ? 'installed' : 'superseded',
      resolvedObservedAt: snapshotStartAt(snapshotId),
      lastMissingSnapshotId: history.snapshotIds.at(-1) ?? '',
      replacedBy: interval.kbId < '6' ? [] : ['5094127', '5095051'],
      stillExposed: interval.kbId >= '6',
    })
    state.delete(changeKey({ machineId, kbId: interval.kbId }))
    history.changes.push(resolvedChange(machineId, interval))
  }
  for (const kbId of kbIds.filter((one) => !state.has(changeKey({ machineId, kbId: one })))) {
    const interval = openInterval(
      snapshotId,
      kbId,
      intervals.some((one) => one.kbId === kbId),
    )
    intervals.push(interval)
    state.add(changeKey({ machineId, kbId }))
    history.changes.push(appearedChange(machineId, interval))
  }
}

function openInterval(snapshotId: string, kbId: string, isReopened: boolean): Interval {
  return {
    ...attributesOf(kbId),
    appearedSnapshotId: snapshotId,
    appearedReason: isReopened ? 'reopened' : 'new',
    appearedObservedAt: snapshotStartAt(snapshotId),
    resolvedSnapshotId: null,
    resolvedReason: null,
    resolvedObservedAt: null,
    lastMissingSnapshotId: null,
    replacedBy: [],
    derived: false,
    contains: [],
    exposedSince: snapshotId,
    exposedAtLeast: isReopened,
    exposedWith: [],
    stillExposed: null,
  }
}

export const attributesOf = (kbId: string) => ({
  kbId,
  kbName: `Update, "${kbId}"`,
  productsNames: ['windows_10', '=cmd|calc'],
  url: `https://catalog.example/${encodeURIComponent(kbId)}`,
  cveAddressed: 3,
})

function appearedChange(machineId: string, interval: Interval): Change {
  const { appearedSnapshotId, appearedReason, appearedObservedAt } = interval
  const change = {
    change: 'appeared',
    reason: appearedReason,
    replacedBy: [],
    observedAt: appearedObservedAt,
    lastMissingSnapshotId: null,
    stillExposed: true,
    reopenedAfter: null,
    takenOver: [],
  } as const
  return { ...shared(machineId, interval), ...change, appearedSnapshotId, snapshotId: appearedSnapshotId }
}

function resolvedChange(machineId: string, interval: Interval): Change {
  const { appearedSnapshotId, resolvedSnapshotId, resolvedReason, replacedBy, lastMissingSnapshotId } = interval
  if (resolvedReason === null || resolvedSnapshotId === null) throw new Error('the interval is open')
  const change = {
    change: 'resolved',
    reason: resolvedReason,
    replacedBy,
    observedAt: interval.resolvedObservedAt ?? '',
    lastMissingSnapshotId,
    stillExposed: interval.stillExposed,
    reopenedAfter: null,
    takenOver: [],
  } as const
  return { ...shared(machineId, interval), ...change, appearedSnapshotId, snapshotId: resolvedSnapshotId }
}

const shared = (machineId: string, { kbId, exposedSince, exposedAtLeast, derived }: Interval) => ({
  derived,
  exposedSince,
  exposedAtLeast,
  ...attributesOf(kbId),
  machineId,
  computerDnsName: `@srv-${machineId}`,
  osPlatform: machineId < 'a' ? 'Windows11' : 'WindowsServer2022',
  rbacGroupName: null,
})

export interface RecordedRead {
  range: ChangeRange
  pages: number
}

/** Changes in memory, as Table Storage gives them: sorted, in pages that may be short or empty and still go on. */
export class FakeChanges implements ChangeSource {
  readonly reads: RecordedRead[] = []
  atOnce = 0
  mostAtOnce = 0
  readonly #changes: Change[]

  constructor(changes: readonly Change[]) {
    this.#changes = [...changes].sort((a, b) => (changeKey(a) < changeKey(b) ? -1 : 1))
  }

  async *pages(range: ChangeRange): AsyncGenerator<Change[], void> {
    const read = { range, pages: 0 }
    this.reads.push(read)
    const rows = this.#changes.filter((row) => isWithin(row, range))
    const size = Math.max(1, (range.pageSize ?? 1000) - (this.reads.length % 3))
    for (let start = 0; start === 0 || start < rows.length; start += size) {
      this.atOnce += 1
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce)
      await Promise.resolve()
      this.atOnce -= 1
      read.pages += 1
      if (this.reads.length % 4 === 0) yield []
      yield rows.slice(start, start + size)
    }
  }
}

function isWithin(row: Change, { snapshotId, bucket, after, from, machineId }: ChangeRange): boolean {
  return (
    row.snapshotId === snapshotId &&
    bucketOf(row.machineId) === bucket &&
    (after === undefined || changeKey(row) > after) &&
    (from === undefined || changeKey(row) >= from) &&
    (machineId === undefined || row.machineId === machineId)
  )
}
