import { expect, it } from 'vitest'
import { simulateDocuments } from '../../dev/catalogue/simulate-documents.ts'
import { toWire } from '../../dev/catalogue/wire.ts'
import { factsFor } from '../../src/domain/index.ts'
import { CATALOGUE_NOW, startCatalogueWorld } from '../support/catalogue-world.ts'
import { type PlainKb, readPlainly } from '../support/plain-reader.ts'

it('the facts of a month are the figures that an independent reader of the whole document finds', async () => {
  const documents = simulateDocuments({ mostCves: 12 })
  const march = documents.document('2026-Mar', CATALOGUE_NOW)
  if (!march) throw new Error('there is no document of March')
  const plain = readPlainly(JSON.stringify(toWire(march)))
  expect(plain.size).toBeGreaterThan(20)
  expect(new Set([...plain.values()].map(({ releasedOn }) => releasedOn)).size, 'one is out of band').toBeGreaterThan(1)

  const world = await startCatalogueWorld({ documents: { ...documents, kev: () => [LISTED] } })
  await world.addKbs([{ kbId: [...plain.keys()][0] ?? '', month: '202603' }])
  await world.refresh()
  const facts = await world.services.store.catalogue.getMany(plain.keys())
  const read = new Map(
    [...facts].map(([kbId, kb]): [string, PlainKb] => {
      const { releasedAt, severity = '', cvss = 0, fixedBuild = [], rules } = factsFor(kb, [])
      const exploited = kb.exploited.filter(({ msrcSince }) => msrcSince !== null).length
      const products = kb.products.map(({ name }) => name).sort()
      return [kbId, { cves: rules.cves, exploited, score: cvss, worst: severity, releasedOn: releasedAt, builds: fixedBuild, products }]
    }),
  )
  expect(new Map([...read].sort())).toEqual(new Map([...plain].sort()))
})

/** An empty list would be a fault. */
const LISTED = { cveID: 'CVE-2001-0001', dateAdded: '2026-01-01', dueDate: '2026-01-15', knownRansomwareCampaignUse: 'Unknown' as const }
