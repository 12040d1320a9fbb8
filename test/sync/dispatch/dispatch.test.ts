import { describe, expect, it } from 'vitest'
import { manyTenantsOf } from '../../../dev/many-tenants.ts'
import { simulatedClock } from '../../../dev/simulated-clock.ts'
import { startTableService } from '../../../dev/table-service/index.ts'
import { NOTHING_SET, type TenantPatch } from '../../../src/domain/index.ts'
import { localTime } from '../../../src/defender/budget/index.ts'
import { createProgram, type ManyTenantsServices } from '../../../src/program.ts'
import { registerTenant } from '../../../src/sync/index.ts'
import { dispatch } from '../../../src/sync/dispatch/dispatch.ts'
import { CLIENT_ID, tenantIdAt } from '../../support/many-world.ts'
import { DAY, type LogLine, MINUTE, recorder, REFERENCE } from '../../support/world.ts'

const START = Date.parse('2026-03-03T02:00:00Z')

/** An app of so many tenants, in a table service that counts. */
async function start(tenants: number) {
  const tables = await startTableService()
  const log: LogLine[] = []
  const open = (nowMs: number): ManyTenantsServices => {
    const clock = simulatedClock(nowMs)
    const environment = { DEFENDER_CLIENT_ID: CLIENT_ID, STORAGE_CONNECTION_STRING: tables.connectionString }
    const program = createProgram(environment, { clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) })
    return manyTenantsOf(program)
  }
  const { store } = open(REFERENCE)
  const ids = Array.from({ length: tenants }, (_, index) => tenantIdAt(index + 1))
  for (const tenantId of ids) await registerTenant(store.of(tenantId), { ...NOTHING_SET, name: tenantId }, REFERENCE)
  const requests = async (act: () => Promise<unknown>) => {
    const before = tables.counts().transactions
    await act()
    return tables.counts().transactions - before
  }
  const patch = async (tenantId: string, values: TenantPatch) => {
    const read = await store.of(tenantId).tenant.get()
    if (read) await store.of(tenantId).tenant.patch(values, read.etag)
  }
  return { open, ids, log, requests, patch, store, close: () => tables.close() }
}

describe('a tick over many tenants', () => {
  it('that are idle takes two requests, and one that sends 50 of them a third', { timeout: 60_000 }, async () => {
    const app = await start(50)
    expect(await app.requests(() => dispatch(app.open(REFERENCE + MINUTE)))).toBe(2)
    expect(await app.requests(async () => expect(await dispatch(app.open(START))).toHaveLength(50))).toBe(3)
    await app.close()
  })

  it('that were written meanwhile sends the others, and leaves a sign of life', { timeout: 60_000 }, async () => {
    const app = await start(12)
    const services = app.open(START)
    const pages = services.store.tenants.pages.bind(services.store.tenants)
    services.store.tenants.pages = async function* (...asked: Parameters<typeof pages>) {
      for await (const page of pages(...asked)) {
        await app.patch(app.ids[3] ?? '', { notBefore: null })
        await app.store.tenants.forget(app.ids[7] ?? '')
        yield page
      }
    } as typeof pages
    const sent = await dispatch(services)
    expect(sent.map(({ tenantId }) => tenantId)).toEqual(app.ids.filter((_, index) => index !== 3 && index !== 7))
    expect((await app.store.tenants.app()).lastTickAt).toBe(new Date(START).toISOString())
    await app.close()
  })

  it(
    'passes by those that are disabled, held, waiting, blocked or unreadable, and says which cannot be read',
    { timeout: 60_000 },
    async () => {
      const app = await start(7)
      const [disabled = '', held = '', waiting = '', blocked = '', unreadable = '', old = '', free = ''] = app.ids
      const at = (ms: number) => new Date(START + ms).toISOString()
      await app.patch(disabled, { isDisabled: true })
      await app.patch(held, { leaseOwner: 'somebody', leaseUntil: at(30_000) })
      await app.patch(waiting, { notBefore: at(30_000) })
      await app.patch(blocked, { blockedAt: at(-DAY / 2), blockedCode: 'Forbidden' })
      await app.patch(unreadable, { schedule: 'whenever' })
      await app.patch(old, { blockedAt: at(-DAY), blockedCode: 'Forbidden' })
      expect((await dispatch(app.open(START))).map(({ tenantId }) => tenantId)).toEqual([old, free])
      expect(app.log).toContainEqual({ level: 'warn', event: 'tick.unreadable', fields: { tenants: 1, first: unreadable } })
      await app.close()
    },
  )

  it('counts a schedule anew that a wrong clock put out of reach', { timeout: 60_000 }, async () => {
    const app = await start(2)
    await app.patch(app.ids[0] ?? '', { scheduledThrough: new Date(START + 400 * DAY).toISOString() })
    expect(await dispatch(app.open(START))).toHaveLength(1)
    expect((await dispatch(app.open(START + DAY + MINUTE))).map(({ tenantId }) => tenantId)).toContain(app.ids[0])
    await app.close()
  })
})
