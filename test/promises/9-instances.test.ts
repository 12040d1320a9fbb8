import { describe, expect, it, onTestFinished } from 'vitest'
import { differencesOf, rowsOf } from '../../dev/tenants/compare.ts'
import { startTenantServices } from '../../dev/tenants/services.ts'
import { takeAll } from '../../dev/tenants/take-all.ts'

const TENANTS = 50
const AT = Date.parse('2026-03-05T02:00:00Z')

// A tenth of the tenants of `npm run tenants -- --tenants 500 --machines 200`, and smaller ones.
describe('promise 9: instances of the app that share nothing but the queue and the tables', () => {
  it(
    'take all tenants, with every message twice and one of them killed, to the rows of one that nobody disturbed',
    { timeout: 600_000 },
    async () => {
      const services = await startTenantServices({ tenants: TENANTS, machines: 10, latencyMs: 0, now: AT })
      onTestFinished(() => services.close())
      const undisturbed = await takeAll(services, { prefix: 'one', workers: 1, at: AT })
      const disturbed = await takeAll(services, { prefix: 'hurt', workers: 2, at: AT, copies: 2, kills: 1, leaseSeconds: 10 })
      expect(undisturbed).toMatchObject({ killed: 0, statuses: { completed: TENANTS } })
      expect(disturbed).toMatchObject({ killed: 1, statuses: { completed: TENANTS } })
      expect((disturbed.ignored['stale'] ?? 0) + (disturbed.ignored['busy'] ?? 0)).toBeGreaterThan(TENANTS / 2)
      const rows = await rowsOf(services, 'one')
      expect(rows.size).toBeGreaterThan(50 * TENANTS)
      expect(await differencesOf(services, rows, 'hurt')).toEqual([])
    },
  )
})
