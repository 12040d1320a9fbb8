import { expect, it } from 'vitest'
import { refreshCatalogue } from '../../src/catalogue/index.ts'
import { UNDESCRIBED_KB } from '../../src/domain/index.ts'
import { CATALOGUE_NOW, startCatalogueWorld } from '../support/catalogue-world.ts'
import { tenantIdAt } from '../support/many-world.ts'
import { documentOf, vulnerability } from '../support/read-catalogue.ts'
import { DAY } from '../support/world.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const TENANTS = 45

/** A document a month, of one KB. */
const documents = MONTHS.map((month, index) =>
  documentOf([vulnerability({ kb: String(5_060_000 + index) })], {
    id: `2025-${month}`,
    initialReleaseDate: `2025-${String(index + 1).padStart(2, '0')}-11T07:00:00`,
  }),
)

it('the months of all tenants are read, of more than forty on the days after', { timeout: 60_000 }, async () => {
  const kev = () => [
    { cveID: 'CVE-2025-0001', dateAdded: '2026-01-01', dueDate: '2026-01-15', knownRansomwareCampaignUse: 'Unknown' as const },
  ]
  const world = await startCatalogueWorld({
    documents: { list: () => documents, document: (id) => documents.find((one) => one.id === id), kev },
  })
  const { store, config, proxies, outside } = world.services
  for (let index = 0; index < TENANTS; index++) {
    const tenant = store.of(tenantIdAt(index + 1))
    await tenant.tenant.getOrCreate({})
    // Each misses a KB of one of four months; the last one of a fifth, and names it without its month.
    const isLast = index === TENANTS - 1
    const kb = isLast ? { cohort: null, kbName: 'December 2025 Security Updates' } : { cohort: `20250${1 + (index % 4)}` }
    await tenant.kbs.write([{ ...UNDESCRIBED_KB, ...kb, kbId: '5060000', machinesMissing: 1, firstSeenSnapshotId: '20260301T020000Z' }])
  }
  const before = world.transactions()
  const services = { kind: 'many' as const, store, config, proxies, outside }
  expect(await refreshCatalogue(services)).toMatchObject({ read: 4 })
  expect(world.transactions() - before).toBeLessThanOrEqual(100)
  expect(world.sources.requests).not.toContain('/cvrf/v3.0/cvrf/2025-Dec')
  expect((await store.catalogue.state()).state).toMatchObject({ monthsDay: '2026-04-15', monthsAfter: tenantIdAt(40) })
  world.clock.set(CATALOGUE_NOW + DAY)
  expect(await refreshCatalogue(services)).toMatchObject({ read: 1 })
  expect(world.sources.requests).toContain('/cvrf/v3.0/cvrf/2025-Dec')
  expect((await store.catalogue.state()).state).toMatchObject({ monthsDay: '2026-04-16', monthsAfter: null })
  // Whole documents, and nothing else, whoever has what.
  const asked = new Set(world.sources.requests.map((path) => path.replace(/\/2025-\w{3}$/, '/{month}')))
  expect(asked).toEqual(new Set(['/feeds/kev', '/cvrf/v3.0/updates', '/cvrf/v3.0/cvrf/{month}']))
})
