import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, missingAt } from '../../src/domain/index.ts'
import { type Diff, diffRows, type DiffSnapshot, planReading } from '../../src/history/diff.ts'
import { READ_POLICY } from '../../src/history/read-policy.ts'
import { DIFF_MODES, type DiffFilter, type DiffRow, passes } from '../../src/history/fold.ts'
import { GROUPINGS, Summary } from '../../src/history/summary.ts'
import { BUCKETS, bucketOf, changeKey } from '../../src/store/index.ts'
import { FakeChanges, type History, histories, playHistory, snapshotIdAt } from '../support/history-model.ts'

type Options = Partial<Omit<Diff, 'snapshots' | 'toSnapshotId'>>

/** The diff after the snapshot at index `from` (-1: from the beginning), up to the one at index `to`. */
function diffOf(history: History, from: number, to: number, options: Options = {}): Diff {
  const snapshots = history.snapshotIds.slice(from + 1, to + 1).map((snapshotId) => uncounted(snapshotId))
  return {
    snapshots,
    toSnapshotId: history.snapshotIds[to] ?? '',
    mode: 'net',
    filter: {},
    rowsWanted: Infinity,
    ...options,
  }
}

/** A snapshot of an older version: nobody knows in which buckets it made changes. */
const uncounted = (snapshotId: string): DiffSnapshot => ({ snapshotId, changedBuckets: null, appeared: 0, resolved: 0 })

async function rowsOf(source: FakeChanges, diff: Diff): Promise<DiffRow[]> {
  const all: DiffRow[] = []
  for await (const { rows } of diffRows(source, diff)) all.push(...rows)
  return all
}

/** All rows, by pages of `limit`, each from a read of its own. */
async function pagedRows(source: FakeChanges, diff: Diff, limit: number): Promise<DiffRow[]> {
  const all: DiffRow[] = []
  for (;;) {
    const last = all.at(-1)?.change
    const after = last && { machineId: last.machineId, kbId: last.kbId, ...(diff.mode === 'events' && { snapshotId: last.snapshotId }) }
    const rows = (await rowsOf(source, { ...diff, after, rowsWanted: limit })).slice(0, limit)
    if (rows.length === 0) return all
    all.push(...rows)
    if (all.length > 1000) throw new Error('the pages go round in circles')
  }
}

const apply = (state: ReadonlySet<string> | undefined, rows: readonly DiffRow[]) => {
  const next = new Set(state)
  for (const { change } of rows) {
    const key = changeKey(change)
    // A change that changes nothing is a lie about the state before.
    expect(next.has(key)).toBe(change.change === 'resolved')
    if (change.change === 'appeared') next.add(key)
    else next.delete(key)
  }
  return next
}

const ends = fc.tuple(histories, fc.nat(), fc.nat(), fc.nat()).map(([history, ...picks]) => {
  const count = history.snapshotIds.length
  const [a = 0, b = 0, c = 0] = picks.map((pick) => pick % count).sort((x, y) => x - y)
  return { history, a, b, c }
})

const byPair = (rows: readonly DiffRow[]) => new Map(rows.map((row) => [changeKey(row.change), row.change.change]))

describe('a diff', () => {
  it('added to the state at its beginning gives the state at its end', async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ history, a, c }) => {
        const rows = await rowsOf(new FakeChanges(history.changes), diffOf(history, a, c))
        expect(apply(history.states.get(snapshotIdAt(a)), rows)).toEqual(history.states.get(snapshotIdAt(c)))
      }),
    )
  })

  it('of events in time order leads from state to state as well', async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ history, a, c }) => {
        const rows = await rowsOf(new FakeChanges(history.changes), diffOf(history, a, c, { mode: 'events' }))
        const inTime = rows.toSorted((x, y) =>
          x.change.snapshotId < y.change.snapshotId ? -1 : x.change.snapshotId > y.change.snapshotId ? 1 : 0,
        )
        expect(apply(history.states.get(snapshotIdAt(a)), inTime)).toEqual(history.states.get(snapshotIdAt(c)))
      }),
    )
  })

  it('composes: net(A,B) then net(B,C) is net(A,C)', async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ history, a, b, c }) => {
        const source = new FakeChanges(history.changes)
        const composed = byPair(await rowsOf(source, diffOf(history, a, b)))
        for (const [pair, change] of byPair(await rowsOf(source, diffOf(history, b, c)))) {
          if (composed.has(pair)) composed.delete(pair)
          else composed.set(pair, change)
        }
        const whole = byPair(await rowsOf(source, diffOf(history, a, c)))
        expect([...composed].sort()).toEqual([...whole].sort())
      }),
    )
  })

  it('of events, folded, is the net diff with its last changes', async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ history, a, c }) => {
        const source = new FakeChanges(history.changes)
        const pairs = new Map<string, DiffRow[]>()
        for (const row of await rowsOf(source, diffOf(history, a, c, { mode: 'events' }))) {
          pairs.set(changeKey(row.change), [...(pairs.get(changeKey(row.change)) ?? []), row])
        }
        const folded = [...pairs.values()].filter((rows) => rows.length % 2 === 1).map((rows) => rows.at(-1))
        expect(await rowsOf(source, diffOf(history, a, c))).toEqual(folded)
      }),
    )
  })

  it('in pages of any size is the diff in one page', async () => {
    await fc.assert(
      fc.asyncProperty(ends, fc.constantFrom(...DIFF_MODES), fc.integer({ min: 1, max: 9 }), async ({ history, a, c }, mode, limit) => {
        const source = new FakeChanges(history.changes)
        expect(await pagedRows(source, diffOf(history, a, c, { mode }), limit)).toEqual(
          await rowsOf(source, diffOf(history, a, c, { mode })),
        )
      }),
    )
  })

  it('that is filtered is the diff, filtered afterwards, also in pages', async () => {
    const filters: fc.Arbitrary<DiffFilter> = fc.record(
      {
        machineId: fc.constantFrom('0a', '0a1', '7f00', 'zz-top', 'none'),
        kbId: fc.constantFrom('5094127', 'KB 1/2', 'a|b'),
        change: fc.constantFrom('appeared' as const, 'resolved' as const),
        reason: fc.constantFrom('new' as const, 'reopened' as const, 'installed' as const, 'superseded' as const),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        ends,
        filters,
        fc.constantFrom(...DIFF_MODES),
        fc.integer({ min: 1, max: 5 }),
        async ({ history, a, c }, filter, mode, limit) => {
          const source = new FakeChanges(history.changes)
          const expected = (await rowsOf(source, diffOf(history, a, c, { mode }))).filter((row) => passes(row, filter))
          expect(await rowsOf(source, diffOf(history, a, c, { mode, filter }))).toEqual(expected)
          expect(await pagedRows(source, diffOf(history, a, c, { mode, filter }), limit)).toEqual(expected)
        },
      ),
    )
  })

  it('comes in order of bucket and key, every change once', async () => {
    await fc.assert(
      fc.asyncProperty(ends, async ({ history, a, c }) => {
        const rows = await rowsOf(new FakeChanges(history.changes), diffOf(history, a, c, { mode: 'events' }))
        const places = rows.map(
          ({ change }) => `${BUCKETS.indexOf(bucketOf(change.machineId)) + 10} ${changeKey(change)} ${change.snapshotId}`,
        )
        expect(places).toEqual([...new Set(places)].sort())
        expect(rows).toHaveLength(
          history.changes.filter(({ snapshotId }) => snapshotId > snapshotIdAt(a) && snapshotId <= snapshotIdAt(c)).length,
        )
      }),
    )
  })

  it('counts an appeared KB until its next change, or until the end of the diff', async () => {
    const history = playHistory(['0a'], [[[]], [['1']], [[]], [['1']], [['1']]])
    const until = async (mode: 'net' | 'events') =>
      (await rowsOf(new FakeChanges(history.changes), diffOf(history, 0, 4, { mode }))).map(({ change, untilSnapshotId }) => [
        change.change,
        untilSnapshotId,
      ])
    expect(await until('net')).toEqual([['appeared', snapshotIdAt(4)]])
    expect(await until('events')).toEqual([
      ['appeared', snapshotIdAt(2)],
      ['resolved', snapshotIdAt(3)],
      ['appeared', snapshotIdAt(4)],
    ])
  })
})

describe('the intervals that hold at a snapshot', () => {
  it('are the state at that snapshot', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const snapshotId of history.snapshotIds) {
          const pairs = history.machineIds.flatMap((machineId) =>
            missingAt(history.intervals.get(machineId) ?? [], snapshotId).map(({ kbId }) => changeKey({ machineId, kbId })),
          )
          expect(pairs.sort()).toEqual([...(history.states.get(snapshotId) ?? [])].sort())
        }
      }),
    )
  })
})

describe('a summary', () => {
  it('counts what counting the rows gives, largest group first', async () => {
    await fc.assert(
      fc.asyncProperty(ends, fc.subarray([...GROUPINGS], { minLength: 1 }), async ({ history, a, c }, groupings) => {
        const rows = await rowsOf(new FakeChanges(history.changes), diffOf(history, a, c))
        const summary = new Summary(groupings)
        for (const row of rows) summary.add(row)
        expect(summary.totals()).toEqual(countRows(rows))
        const keysOf = ({ change }: DiffRow) => {
          const keys = { kb: change.kbId, machine: change.machineId, rbacGroup: null, osPlatform: change.osPlatform, reason: change.reason }
          return JSON.stringify(groupings.map((grouping) => keys[grouping]))
        }
        const groups = summary.groups().map(({ parts, counts }) => ({ keys: JSON.stringify(parts.map(({ key }) => key)), counts }))
        expect(groups.map(({ keys }) => keys).sort()).toEqual([...new Set(rows.map(keysOf))].sort())
        expect(summary.size).toBe(groups.length)
        for (const { keys, counts } of groups) expect(counts).toEqual(countRows(rows.filter((row) => keysOf(row) === keys)))
        const sizes = groups.map(({ counts }) => counts.appeared + counts.resolved)
        expect(sizes).toEqual(sizes.toSorted((x, y) => y - x))
      }),
    )
  })
})

function countRows(rows: readonly DiffRow[]) {
  const count = (change: Change['change']) => rows.filter((row) => row.change.change === change).length
  return {
    appeared: count('appeared'),
    resolved: count('resolved'),
    installed: rows.filter((row) => row.change.reason === 'installed').length,
    stillExposed: rows.filter(({ change }) => change.change === 'resolved' && change.stillExposed === true).length,
    machines: new Set(rows.map((row) => row.change.machineId)).size,
    kbs: new Set(rows.map((row) => row.change.kbId)).size,
  }
}

describe('reading a diff', () => {
  const hex = (number: number) => number.toString(16).padStart(4, '0')
  const machineIds = Array.from({ length: 512 }, (_, index) => hex(index * 128))
  const kbIds = Array.from({ length: 30 }, (_, index) => `50${index + 10}`)
  const big = playHistory(machineIds, [machineIds.map(() => []), machineIds.map(() => kbIds), machineIds.map(() => [])])

  it('touches the partitions between its ends only, a machine only its bucket', async () => {
    const source = new FakeChanges(big.changes)
    await rowsOf(source, diffOf(big, 1, 2))
    expect(new Set(source.reads.map(({ range }) => range.snapshotId))).toEqual(new Set([snapshotIdAt(2)]))
    expect(source.reads.map(({ range }) => range.bucket)).toEqual(BUCKETS)
    const one = new FakeChanges(big.changes)
    expect(await rowsOf(one, diffOf(big, 0, 2, { mode: 'events', filter: { machineId: '4000' } }))).toHaveLength(60)
    expect(one.reads.map(({ range }) => [range.snapshotId, range.bucket, range.machineId])).toEqual([
      [snapshotIdAt(1), '4', '4000'],
      [snapshotIdAt(2), '4', '4000'],
    ])
  })

  it('goes on from where a page ended without reading the buckets before', async () => {
    const source = new FakeChanges(big.changes)
    await rowsOf(source, diffOf(big, 0, 1, { after: { machineId: 'e000', kbId: '5010' } }))
    expect(source.reads.map(({ range }) => range.bucket)).toEqual(['e', 'f'])
  })

  it('reads in parallel, a bounded number at once', async () => {
    const source = new FakeChanges(big.changes)
    await rowsOf(source, diffOf(big, 0, 2, { mode: 'events' }))
    expect(source.mostAtOnce).toBeGreaterThan(8)
    expect(source.mostAtOnce).toBeLessThanOrEqual(READ_POLICY.requestsAtOnce)
  })

  it('stops reading soon after the page is full', async () => {
    const source = new FakeChanges(big.changes)
    for await (const { rows } of diffRows(source, diffOf(big, 0, 1, { rowsWanted: 10 }))) {
      expect(rows.length).toBeGreaterThan(0)
      break
    }
    await new Promise(setImmediate)
    expect(source.reads.length).toBeLessThanOrEqual(2)
    expect(source.reads.every(({ range, pages }) => pages * (range.pageSize ?? NaN) <= 22)).toBe(true)
  })

  it('keeps a bounded number of rows in memory, however many snapshots there are', () => {
    for (const snapshots of [1, 2, 10, 52, 365, 1500]) {
      const all = Array.from({ length: snapshots }, (_, index) => uncounted(snapshotIdAt(index)))
      for (const rowsWanted of [1, 1000, 10_000, Infinity]) {
        const plan = planReading({ snapshots: all, filter: {}, after: undefined, rowsWanted })
        // A stream holds a page, and another on its way.
        expect(plan.pageSize * plan.bucketsAhead * snapshots).toBeLessThanOrEqual(READ_POLICY.bufferedRows)
        expect(plan.pageSize).toBeGreaterThanOrEqual(Math.min(rowsWanted, READ_POLICY.smallestPage))
        expect(plan.bucketsAhead).toBeGreaterThanOrEqual(1)
      }
    }
  })

  it('asks for no partition that is known to be empty, and finds the same', () =>
    fc.assert(
      fc.asyncProperty(ends, async ({ history, a, c }) => {
        const counted = (snapshotId: string): DiffSnapshot => {
          const buckets = history.changes.filter((change) => change.snapshotId === snapshotId).map(({ machineId }) => bucketOf(machineId))
          return { ...uncounted(snapshotId), changedBuckets: BUCKETS.filter((bucket) => buckets.includes(bucket)).join('') }
        }
        const diff = diffOf(history, a, c)
        const known = new FakeChanges(history.changes)
        const snapshots = diff.snapshots.map(({ snapshotId }) => counted(snapshotId))
        expect(await rowsOf(known, { ...diff, snapshots })).toEqual(await rowsOf(new FakeChanges(history.changes), diff))
        expect(known.reads).toHaveLength(snapshots.reduce((sum, { changedBuckets }) => sum + (changedBuckets ?? '').length, 0))
      }),
    ))

  const year = playHistory(
    ['0a'],
    Array.from({ length: 100 }, (_, index) => [[`50${index}`]]),
  )

  it('of many snapshots has no more requests under way than of a few', async () => {
    const source = new FakeChanges(year.changes)
    await rowsOf(source, diffOf(year, -1, 99))
    expect(source.reads).toHaveLength(1600)
    expect(source.mostAtOnce).toBe(READ_POLICY.requestsAtOnce)
  })

  it('starts no request any more once one has failed', async () => {
    const source = new FakeChanges(year.changes)
    let started = 0
    // eslint-disable-next-line require-yield
    source.pages = async function* failing() {
      started += 1
      await new Promise(setImmediate)
      throw new Error('page broke')
    }
    await expect(rowsOf(source, diffOf(year, -1, 99))).rejects.toThrow('page broke')
    const startedByThen = started
    await new Promise(setImmediate)
    expect(started).toBe(startedByThen)
    expect(started).toBeLessThan(100)
  })

  it('fails as a whole when one page cannot be read', async () => {
    const source = new FakeChanges(big.changes)
    const pages = source.pages.bind(source)
    source.pages = async function* broken(range) {
      yield* pages(range)
      if (range.bucket === '9') throw new Error('page broke')
    }
    await expect(rowsOf(source, diffOf(big, 0, 2))).rejects.toThrow('page broke')
  })
})
