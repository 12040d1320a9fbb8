import { afterEach, describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { REAL_LIMITS, type TableServiceOptions } from '../../dev/table-service/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { FEED_POLICY } from '../../src/feed/read/policy.ts'
import { TENANT } from '../support/api.ts'
import { UNDESCRIBED } from '../support/scripted-world.ts'
import { sorted, startFeed } from './feed.ts'
import { type History, tenantEntitySets, writeHistory } from './history.ts'

type SetName = keyof History['rows']
const SETS = tenantEntitySets.map(({ name }) => name as SetName)

/** Facts of history: what they say of an ended snapshot never changes. */
const FACTS = ['Snapshots', 'MissingKbs', 'Changes', 'KbTotals', 'Gaps', 'Trends', 'TrendsByGroup', 'Cohorts'] as const

let feed: Awaited<ReturnType<typeof startFeed>>
afterEach(() => feed.service.close())

async function start(options: TableServiceOptions, history: Parameters<typeof writeHistory>[2] = {}) {
  feed = await startFeed(options)
  return writeHistory(openTenant(feed.services).store, TENANT, history)
}

/** Draws in a row that is the same in every run. */
function draws(): () => number {
  let state = 1
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

describe('pages', () => {
  it.each([1, 4, 17, 1_000])('of %i rows make up every set, without a row lost or twice', async (size) => {
    const history = await start({ random: draws() }, { machines: 12 })
    feed.service.setFaults({ pageEndsAtPartition: true, emptyPages: 0.3, scannedRowsPerPage: 7 })
    for (const name of SETS) {
      const { rows, replies } = await feed.rows(`/${name}`, { prefer: `odata.maxpagesize=${size}` })
      expect(sorted(rows), name).toEqual(sorted(history.rows[name]))
      expect(
        replies.slice(0, -1).map(({ json }) => json.value.length),
        name,
      ).toEqual(Array(replies.length - 1).fill(size))
      expect(replies.at(-1)?.json.value.length ?? 0).toBeLessThanOrEqual(size)
    }
  })

  it('of the size that the feed chooses make up every set, whatever the storage does', async () => {
    const policy = FEED_POLICY as { pageRows: number; sectionRows: number; scannedRows: number; requestsPerPage: number }
    const standard = { ...policy }
    try {
      Object.assign(policy, { pageRows: 10, sectionRows: 5, scannedRows: 60, requestsPerPage: 30 })
      const history = await start({ random: draws() }, { machines: 16, snapshots: 4 })
      feed.service.setFaults({
        ...REAL_LIMITS,
        entitiesPerSecond: { partition: 0, account: 0 },
        emptyPages: 0.2,
        faults: { connectionReset: 0.01 },
      })
      for (const name of SETS) {
        for (const [query, test] of [
          ['', () => true],
          [filterOf(name), testOf(name)],
        ] as const) {
          const { rows, pages } = await feed.rows(`/${name}${query}`)
          expect(sorted(rows), `${name}${query}`).toEqual(sorted(history.rows[name].filter(test)))
          if (history.rows[name].length > 100) expect(pages).toBeGreaterThan(3)
        }
      }
    } finally {
      Object.assign(policy, standard)
    }
  })

  it('show one and the same history while a snapshot is written and ended between them, and the next request shows the new one', async () => {
    const history = await start({}, { machines: 20, running: false })
    const before = structuredClone(history.rows)
    const first = await Promise.all(
      FACTS.map(async (name) => (await feed.get(`/${name}`, { headers: { prefer: 'odata.maxpagesize=2' } })).json),
    )
    const end = await history.begin()
    const whileRunning = await Promise.all(FACTS.map((name) => feed.rows(`/${name}`)))
    const second = await Promise.all(
      first.map(async (json) => (await feed.get(String(json['@odata.nextLink']), { headers: { prefer: 'odata.maxpagesize=50' } })).json),
    )
    await end()
    await (
      await history.begin()
    )()
    for (const [index, name] of FACTS.entries()) {
      expect(sorted(whileRunning[index]?.rows ?? []), name).toEqual(sorted(before[name]))
      const rest = second[index]?.['@odata.nextLink'] as string | undefined
      const rows = [
        ...(first[index]?.value ?? []),
        ...(second[index]?.value ?? []),
        ...(rest === undefined ? [] : (await feed.rows(rest)).rows),
      ]
      expect(sorted(rows), name).toEqual(sorted(before[name]))
      expect(sorted((await feed.rows(`/${name}`)).rows), name).toEqual(sorted(history.rows[name]))
      expect(history.rows[name].length).toBeGreaterThan(before[name].length)
    }
    // What was resolved meanwhile was shown as open.
    expect(before.MissingKbs.filter(({ isOpen }) => isOpen).length).not.toBe(history.rows.MissingKbs.filter(({ isOpen }) => isOpen).length)
  })

  it.each<[SetName, string]>([
    ['MissingKbs', 'resolvedReason desc,kbId'],
    ['Changes', 'observedAt desc'],
    ['KbTotals', 'kbId,appeared desc'],
    ['Gaps', 'code desc,from'],
    ['Trends', 'installed desc'],
    ['TrendsByGroup', 'pairs desc,day'],
    ['Cohorts', 'day desc,cohort'],
    ['Snapshots', 'status'],
    ['Machines', 'rbacGroupName desc'],
    ['Kbs', 'cveAddressed'],
  ])('of %s sorted by %s are those of one long page, of one state', async (name, orderBy) => {
    await start({ random: draws() }, { machines: 12, running: false })
    const path = `/${name}?$orderby=${orderBy}&$count=true`
    const whole = (await feed.get(path)).json
    expect(whole.value.length).toBeGreaterThan(3)
    for (const size of [1, 3, 40].slice(whole.value.length > 50 ? 1 : 0)) {
      const first = (await feed.get(path, { headers: { prefer: `odata.maxpagesize=${size}` } })).json
      const next = first['@odata.nextLink'] as string | undefined
      const rest = next === undefined ? [] : (await feed.rows(next)).replies.map(({ json }) => json)
      const pages = [first, ...rest]
      expect(pages.flatMap(({ value }) => value)).toEqual(whole.value)
      expect(pages.map(({ value }) => value.length)).toEqual(pages.map((_, page) => Math.min(size, whole.value.length - page * size)))
      expect(new Set(pages.map((page) => page['@odata.count']))).toEqual(new Set([whole.value.length]))
    }
    const { rows, pages } = await feed.rows(`${path}&$skip=2&$top=3`, { prefer: 'odata.maxpagesize=2' })
    expect([rows, pages]).toEqual([whole.value.slice(2, 5), 2])
  })

  it('of sorted facts show one history while a snapshot ends between them', async () => {
    const history = await start({}, { machines: 12, running: false })
    const path = '/MissingKbs?$orderby=daysMissing desc'
    const before = (await feed.get(path)).json.value
    const first = (await feed.get(path, { headers: { prefer: 'odata.maxpagesize=9' } })).json
    await (
      await history.begin()
    )()
    const { rows } = await feed.rows(String(first['@odata.nextLink']))
    expect([...first.value, ...rows]).toEqual(before)
    expect((await feed.get(path)).json.value).not.toEqual(before)
  })

  it('machines that are written between them are neither lost nor twice', async () => {
    const history = await start({}, { machines: 30 })
    const ids: unknown[] = []
    for (let next: string | undefined = '/Machines'; next !== undefined;) {
      const { json } = await feed.get(next, { headers: { prefer: 'odata.maxpagesize=4' } })
      ids.push(...json.value.map(({ machineId }) => machineId))
      const changed = { lastListedSnapshotId: '20260701T020000Z', computerDnsName: `renamed-${ids.length}`, healthStatus: null }
      await openTenant(feed.services).store.machines.list(
        history.machineIds.map((machineId) => ({ ...UNDESCRIBED, ...changed, machineId })),
      )
      next = json['@odata.nextLink'] as string | undefined
    }
    expect(ids).toEqual(history.machineIds)
  })

  it('before the first snapshot has ended there are no facts, and no error', async () => {
    await start({}, { snapshots: 0, machines: 12 })
    for (const name of FACTS) expect((await feed.rows(`/${name}?$count=true`)).rows).toEqual([])
    const { rows } = await feed.rows('/Machines', { prefer: 'odata.maxpagesize=5' })
    expect(rows).toHaveLength(12)
  })

  it('of a store without a single row are empty', async () => {
    feed = await startFeed()
    for (const name of SETS) expect((await feed.get(`/${name}?$count=true`)).json).toMatchObject({ '@odata.count': 0, value: [] })
  })
})

describe('the cost of a page', () => {
  it('is bounded in rows read from the storage, however many there are and however few the filter takes', async () => {
    await start({}, { machines: 60, kbs: 90, snapshots: 2, running: false, restlessness: 0.6 })
    const policy = FEED_POLICY as { scannedRows: number; sectionRows: number }
    const standard = { ...policy }
    try {
      Object.assign(policy, { scannedRows: 500, sectionRows: 50 })
      for (const name of ['MissingKbs', 'Changes'] as const) {
        const before = feed.service.counts()
        const { json } = await feed.get(`/${name}?$filter=replacedBy eq 'nothing'`)
        expect(json.value).toEqual([])
        expect(json['@odata.nextLink']).toBeDefined()
        const read = feed.service.counts().rowsReturned - before.rowsReturned
        // A page more than the bound may be in hand, and what was read ahead; the whole set has thousands.
        expect(read, name).toBeLessThan(500 + 1_000 + 8 * 100)
        expect((await feed.rows(`/${name}?$filter=replacedBy eq 'nothing'`)).rows).toEqual([])
      }
    } finally {
      Object.assign(policy, standard)
    }
  })

  it('of a full read is hardly more than the rows themselves', async () => {
    const history = await start({}, { machines: 120, kbs: 90, snapshots: 3, running: false, restlessness: 0.3 })
    for (const name of ['MissingKbs', 'Changes'] as const) {
      const before = feed.service.counts()
      const { rows } = await feed.rows(`/${name}`)
      const { rowsReturned, transactions } = feed.service.counts()
      expect(rows.length).toBe(history.rows[name].length)
      expect(rows.length).toBeGreaterThan(6_000)
      // A state row a machine; and on the first page, which has to guess how the rows lie, some are read ahead and not used.
      expect((rowsReturned - before.rowsReturned) / rows.length, name).toBeLessThan(1.25)
      expect(transactions - before.transactions, name).toBeLessThan(rows.length / 250)
    }
  })
})

/** A filter that cannot be planned. */
function filterOf(name: SetName): string {
  return {
    Snapshots: "?$filter=status ne 'failed'",
    Machines: "?$filter=osPlatform eq 'Windows11'",
    Kbs: "?$filter=contains(kbName,'7')",
    MissingKbs: '?$filter=not isOpen',
    Changes: "?$filter=reason eq 'superseded'",
    KbTotals: '?$filter=resolved gt 1',
    Gaps: "?$filter=kind eq 'silent'",
    Trends: '?$filter=apiCalls gt 20',
    TrendsByGroup: '?$filter=rbacGroupName ne null',
    Cohorts: '?$filter=superseded eq 1',
  }[name]
}

function testOf(name: SetName): (row: FeedRow) => boolean {
  return {
    Snapshots: (row: FeedRow) => row['status'] !== 'failed',
    Machines: (row: FeedRow) => row['osPlatform'] === 'Windows11',
    Kbs: (row: FeedRow) => String(row['kbName']).includes('7'),
    MissingKbs: (row: FeedRow) => row['isOpen'] === false,
    Changes: (row: FeedRow) => row['reason'] === 'superseded',
    KbTotals: (row: FeedRow) => Number(row['resolved']) > 1,
    Gaps: (row: FeedRow) => row['kind'] === 'silent',
    Trends: (row: FeedRow) => Number(row['apiCalls']) > 20,
    TrendsByGroup: (row: FeedRow) => row['rbacGroupName'] !== null,
    Cohorts: (row: FeedRow) => row['superseded'] === 1,
  }[name]
}
