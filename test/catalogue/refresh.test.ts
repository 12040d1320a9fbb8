import { describe, expect, it } from 'vitest'
import { simulateDocuments } from '../../dev/catalogue/simulate-documents.ts'
import { type KbFact, readCatalog } from '../../dev/simulator/catalog.ts'
import { factsFor } from '../../src/domain/index.ts'
import { CATALOGUE_NOW, type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { DAY, HOUR } from '../support/world.ts'

const documents = simulateDocuments({ mostCves: 2 })
const monthOf = ({ released }: KbFact) => released.slice(0, 7).replace('-', '')
const asRows = (kbs: readonly KbFact[]) => kbs.map((kb) => ({ kbId: kb.id, month: monthOf(kb) }))
/** Of the months before an instant, from a day on. */
const kbsFrom = (day: string, nowMs: number) =>
  readCatalog().filter(({ released }) => released >= day && Date.parse(released) + 17 * HOUR <= nowMs)

const askedFor = ({ sources }: CatalogueWorld) => sources.requests.map((path) => path.split('/').at(-1))

/** A tenant with the KBs of two months. */
async function twoMonths() {
  const world = await startCatalogueWorld({ documents })
  await world.addKbs(asRows(kbsFrom('2026-03-01', CATALOGUE_NOW)))
  return world
}

describe('a refresh', () => {
  it('reads the months that KBs need, and says nothing of a tenant', async () => {
    const world = await twoMonths()
    expect(await world.refresh()).toEqual({ kind: 'refreshed', read: 2, failed: 0, waiting: 0 })
    expect(world.sources.requests).toEqual(['/feeds/kev', '/cvrf/v3.0/updates', '/cvrf/v3.0/cvrf/2026-Apr', '/cvrf/v3.0/cvrf/2026-Mar'])
    expect(world.log.map(({ event }) => event)).toEqual(['catalogue.refreshed'])
  })

  it('is through for the day, and reads on the next what moved', async () => {
    const world = await twoMonths()
    await world.refresh()
    const before = world.sources.requests.length
    world.clock.advance(HOUR)
    expect(await world.refresh()).toEqual({ kind: 'waiting' })
    expect(world.sources.requests).toHaveLength(before)
    world.sources.rewrite('2026-Mar', (document) => ({ ...document, currentReleaseDate: '2026-04-15T07:00:00' }))
    world.clock.set(CATALOGUE_NOW + DAY)
    await world.refresh()
    // April's moves every day.
    expect(askedFor(world).slice(before)).toEqual(['kev', 'updates', '2026-Apr'])
    expect((await world.services.store.catalogue.state()).state).toMatchObject({
      ...{
        dueAt: '2026-04-17T04:00:00.000Z',
        claimedUntil: null,
        documentsOfDay: 1,
        isUnfolded: false,
        refreshedAt: '2026-04-16T04:07:00.000Z',
      },
    })
  })

  it('reads at most 24 documents a day in at most 100 transactions, and in the end has the true facts of all KBs', async () => {
    const now = Date.parse('2026-06-25T04:07:00Z')
    const world = await startCatalogueWorld({ documents, now })
    const kbs = kbsFrom('2023-01-01', now)
    // What is missing now comes first, whatever its age.
    await world.addKbs(asRows(kbs).map((kb) => ({ ...kb, machinesMissing: kb.month < '202307' ? 1 : 0 })))
    const before = world.transactions()
    expect(await world.refresh()).toMatchObject({ read: 24, waiting: 18 })
    expect(world.transactions() - before).toBeLessThanOrEqual(100)
    expect(askedFor(world).slice(2, 10)).toEqual([
      '2023-Jun',
      '2023-May',
      '2023-Apr',
      '2023-Mar',
      '2023-Feb',
      '2023-Jan',
      '2026-Jun',
      '2026-May',
    ])
    world.clock.advance(HOUR)
    expect(await world.refresh()).toEqual({ kind: 'waiting' })
    world.clock.set(now + DAY)
    await world.settle()
    const facts = await world.services.store.catalogue.getMany(kbs.map(({ id }) => id))
    const shown = kbs.map(({ id }) => {
      const kb = facts.get(id)
      const { releasedAt, bulletin, severity = null, exploited } = kb ? factsFor(kb, []) : {}
      return { id, released: releasedAt, month: bulletin, severity, exploited }
    })
    expect(shown).toEqual(
      kbs.map((kb) => ({ id: kb.id, released: kb.released, month: monthOf(kb), severity: kb.severity, exploited: kb.exploited > 0 })),
    )
  })

  it('takes what a document says anew for what it said, and keeps what others say', async () => {
    const world = await twoMonths()
    await world.refresh()
    const [kb, gone] = kbsFrom('2026-04-14', CATALOGUE_NOW).filter(({ severity }) => severity === 'Important')
    const [ofMarch] = kbsFrom('2026-03-01', Date.parse('2026-03-20T00:00:00Z'))
    const marchBefore = await world.facts(ofMarch?.id ?? '')
    expect([await world.facts(gone?.id ?? ''), marchBefore]).not.toContain(undefined)
    world.sources.rewrite('2026-Apr', (document) => ({
      ...document,
      vulnerabilities: document.vulnerabilities.map((one) => ({
        ...one,
        severities: one.severities.map((of) => ({ ...of, severity: 'Critical' })),
        fixes: one.fixes.filter(({ text }) => text !== gone?.id),
      })),
    }))
    world.clock.set(CATALOGUE_NOW + DAY)
    await world.refresh()
    const changed = await world.facts(kb?.id ?? '')
    expect(changed && factsFor(changed, []).severity).toBe('Critical')
    expect(await world.facts(gone?.id ?? '')).toBeUndefined()
    expect(await world.facts(ofMarch?.id ?? '')).toEqual({
      ...marchBefore,
      document: { id: '2026-Mar', revisedAt: '2026-04-16T07:00:00.000Z' },
    })
  })

  it('comes, document by document, to what all of them come to that are read at once', async () => {
    const world = await twoMonths()
    await world.refresh()
    world.sources.rewrite('2026-Mar', (document) => ({
      ...{ ...document, currentReleaseDate: '2026-04-15T08:00:00' },
      vulnerabilities: document.vulnerabilities.slice(3).map((one) => ({ ...one, exploited: true })),
    }))
    world.clock.set(CATALOGUE_NOW + DAY)
    await world.refresh()
    const fresh = world.over('fresh', world.clock)
    await fresh.addKbs(asRows(kbsFrom('2026-03-01', CATALOGUE_NOW)))
    await fresh.refresh()
    const kbIds = kbsFrom('2026-03-01', CATALOGUE_NOW).map(({ id }) => id)
    const undated = async (of: CatalogueWorld) =>
      [...(await of.services.store.catalogue.getMany(kbIds)).values()].map((kb) => ({
        ...kb,
        exploited: kb.exploited.map(({ cve }) => cve),
      }))
    expect(await undated(world)).toEqual(await undated(fresh))
  })

  it('keeps since when a vulnerability was seen as exploited', async () => {
    const world = await twoMonths()
    await world.refresh()
    const [kb] = kbsFrom('2026-04-14', CATALOGUE_NOW).filter(({ exploited }) => exploited === 0)
    const since = async () => (await world.facts(kb?.id ?? ''))?.exploited.map(({ msrcSince }) => msrcSince) ?? []
    expect(await since()).toEqual([])
    world.sources.rewrite('2026-Apr', (document) => ({
      ...document,
      vulnerabilities: document.vulnerabilities.map((one) => ({ ...one, exploited: true })),
    }))
    for (const day of [1, 2, 3]) {
      world.clock.set(CATALOGUE_NOW + day * DAY)
      await world.refresh()
      expect(new Set(await since()), `day ${day}`).toEqual(new Set(['2026-04-16']))
    }
  })

  it('reads a document of a release day again on the next, whatever its date says', async () => {
    const release = Date.parse('2026-04-14T18:07:00Z')
    const world = await startCatalogueWorld({ documents, now: release })
    await world.addKbs(asRows(kbsFrom('2026-04-14', release)))
    const complete = (revised: string) => world.sources.rewrite('2026-Apr', (document) => ({ ...document, currentReleaseDate: revised }))
    complete('2026-04-14T07:00:00')
    world.sources.faults.set('2026-Apr', 'edgeOnly')
    expect(await world.refresh()).toMatchObject({ read: 0, failed: 1 })
    world.sources.faults.clear()
    world.clock.advance(HOUR)
    expect(await world.refresh()).toMatchObject({ read: 1, failed: 0 })
    world.clock.set(Date.parse('2026-04-15T04:07:00Z'))
    expect(await world.refresh()).toMatchObject({ read: 1 })
    world.clock.advance(DAY)
    expect(await world.refresh()).toMatchObject({ read: 0 })
  })
})

describe('where it is off', () => {
  it('asks nothing and writes nothing', async () => {
    const world = await twoMonths()
    world.services.config.catalogue.isOn = false
    expect(await world.refresh()).toEqual({ kind: 'off' })
    expect(world.sources.requests).toEqual([])
    expect(await world.services.store.catalogue.state()).not.toHaveProperty('etag')
  })
})
