import { describe, expect, it } from 'vitest'
import { CATALOGUE_FAULTS, type CatalogueFault } from '../../dev/catalogue/faults.ts'
import type { DocumentFacts } from '../../dev/catalogue/wire.ts'
import { factsFor } from '../../src/domain/index.ts'
import { CATALOGUE_NOW, type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { documentOf, vulnerability } from '../support/read-catalogue.ts'
import { DAY, HOUR } from '../support/world.ts'

const KBS = Array.from({ length: 20 }, (_, index) => String(5_083_700 + index))

/** A document of twenty KBs, of one severity. */
const april = (severity: string, revised: string): DocumentFacts =>
  documentOf(
    KBS.map((kb, index) => vulnerability({ cve: `CVE-2026-2100${index}`, kb, severities: [{ severity, productIds: ['1', '2'] }] })),
    { currentReleaseDate: revised },
  )

/** A world that knew the document when all was important; now all is critical. */
async function known() {
  const said = { now: april('Important', '2026-04-14T07:00:00') }
  const entry = { cveID: 'CVE-2026-21000', dateAdded: '2026-04-14', dueDate: '2026-04-17', knownRansomwareCampaignUse: 'Known' as const }
  const documents = { list: () => [said.now], document: (id: string) => (id === said.now.id ? said.now : undefined), kev: () => [entry] }
  const world = await startCatalogueWorld({ documents })
  await world.addKbs([{ kbId: KBS[0] ?? '', month: '202604' }])
  await world.refresh()
  said.now = april('Critical', '2026-04-15T07:00:00')
  world.clock.set(CATALOGUE_NOW + DAY)
  world.log.length = 0
  return world
}

async function severities({ services }: CatalogueWorld): Promise<(string | undefined)[]> {
  const facts = await services.store.catalogue.getMany(KBS)
  return [...new Set([...facts.values()].map((kb) => factsFor(kb, []).severity)), `${facts.size} KBs`]
}

const CODES: Record<CatalogueFault, string> = {
  ...{ error500: 'http500', cut: 'connectionFailed', cutCleanly: 'malformed', hang: 'timeout', stall: 'timeout', html: 'contentType' },
  ...{ garbage: 'malformed', otherDocument: 'otherDocument', edgeOnly: 'noKb', shrunk: 'shrunk' },
}

describe.each(CATALOGUE_FAULTS)('a document that comes with %s', (fault) => {
  it('is refused, leaves what was known, and is asked for again in nearly an hour', async () => {
    const world = await known()
    world.sources.faults.set('2026-Apr', fault)
    expect(await world.refresh()).toEqual({ kind: 'refreshed', read: 0, failed: 1, waiting: 0 })
    expect(await severities(world)).toEqual(['Important', '20 KBs'])
    expect(world.log.map(({ event }) => event)).toEqual(['catalogue.fault', 'catalogue.refreshed'])
    expect(world.log[0]?.fields).toMatchObject({ source: '2026-Apr', code: CODES[fault], failures: 1, retryAt: '2026-04-16T05:02:00.000Z' })
    world.clock.advance(HOUR / 2)
    expect(await world.refresh()).toEqual({ kind: 'waiting' })
    world.sources.faults.clear()
    world.clock.advance(HOUR / 2)
    expect(await world.refresh()).toMatchObject({ read: 1, failed: 0 })
    expect(await severities(world)).toEqual(['Critical', '20 KBs'])
  })
})

describe('a source that is out for hours', () => {
  it.each(['updates', 'kev', '2026-Apr', '*'])('(%s) is asked less and less often, and then read', async (name) => {
    const world = await known()
    world.sources.faults.set(name, 'error500')
    const asked: number[] = []
    for (let hour = 0; hour < 40; hour++) {
      const before = world.sources.requests.filter((path) => path.endsWith(name) || name === '*').length
      await world.refresh()
      if (world.sources.requests.filter((path) => path.endsWith(name) || name === '*').length > before) asked.push(hour)
      world.clock.advance(HOUR)
    }
    // At one hour's distance, one, two, four, eight; and by the day's refresh, which asks whatever has not come.
    expect(asked.slice(0, 5)).toEqual([0, 1, 2, 4, 8])
    expect(asked.length).toBeLessThan(10)
    world.sources.faults.clear()
    world.clock.advance(DAY)
    expect(await world.refresh()).toMatchObject({ kind: 'refreshed', failed: 0 })
    expect(await severities(world)).toEqual(['Critical', '20 KBs'])
    expect((await world.services.store.catalogue.state()).state).toMatchObject({ listFailures: 0, kevFailures: 0 })
  })

  it('(updates) is no reason not to read the other', async () => {
    const world = await known()
    world.sources.faults.set('updates', 'html')
    expect(await world.refresh()).toMatchObject({ kind: 'failed' })
    expect((await world.services.store.catalogue.state()).state.kevDay).toBe('2026-04-16')
  })

  it('(kev) leaves what it said', async () => {
    const world = await known()
    world.sources.faults.set('kev', 'cutCleanly')
    await world.refresh()
    expect((await world.facts(KBS[0] ?? ''))?.exploited).toEqual([
      { cve: 'CVE-2026-21000', msrcSince: null, kev: { dateAdded: '2026-04-14', dueDate: '2026-04-17', ransomware: true } },
    ])
  })
})

describe('what was kept of a document', () => {
  it.each(['lost', 'damaged'])('and is %s is read again, and the facts stay until then', async (what) => {
    const world = await known()
    const { catalogue } = world.services.store
    const { state, etag } = await catalogue.state()
    const text = what === 'lost' ? '' : '{"kbs":7}'
    await catalogue.commit({ ...state, isUnfolded: true }, etag, { texts: [{ name: '2026-Apr', text }] })
    world.sources.faults.set('2026-Apr', 'error500')
    await world.refresh()
    expect(await severities(world)).toEqual(['Important', '20 KBs'])
    expect(world.log.map(({ event }) => event)).toContain('catalogue.lost')
    world.sources.faults.clear()
    world.clock.advance(HOUR)
    await world.refresh()
    expect(await severities(world)).toEqual(['Critical', '20 KBs'])
  })
})

describe('two runs at once', () => {
  it('are one: the other goes home', async () => {
    const world = await known()
    const results = await Promise.all([world.refresh(), world.refresh()])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['refreshed', 'waiting'])
    expect(world.sources.requests.filter((path) => path.endsWith('2026-Apr'))).toHaveLength(2)
  })

  it('do not write over each other, where one was thought dead', async () => {
    const world = await known()
    world.sources.faults.set('2026-Apr', 'stall')
    const late = world.refresh()
    // It is in the middle of the document when its claim runs out.
    while (!world.sources.requests.slice(4).some((path) => path.endsWith('2026-Apr'))) await new Promise((resolve) => setImmediate(resolve))
    world.sources.faults.clear()
    world.clock.advance(HOUR)
    expect(await world.refresh()).toMatchObject({ kind: 'refreshed', read: 1 })
    expect(await late).toEqual({ kind: 'lost' })
    expect(world.log.map(({ event }) => event)).toContain('catalogue.claimLost')
    expect(await severities(world)).toEqual(['Critical', '20 KBs'])
  })
})
