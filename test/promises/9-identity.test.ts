import { HttpRequest } from '@azure/functions'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { manyTenantsOf } from '../../dev/many-tenants.ts'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import { type SimulatedTenants, startSimulatedTenants } from '../../dev/simulator/index.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { NOTHING_SET } from '../../src/domain/index.ts'
import { healthRoute } from '../../src/http/routes/health.ts'
import { tenantRoute } from '../../src/http/routes/tenant.ts'
import { createProgram, type ManyTenantsServices, type Program } from '../../src/program.ts'
import { disableTenant, registerTenant, requestSnapshot } from '../../src/sync/index.ts'
import { dispatch } from '../../src/sync/dispatch/dispatch.ts'
import { takeMessage } from '../../src/sync/dispatch/take-message.ts'
import { CLIENT_ID, tenantIdAt } from '../support/many-world.ts'
import { trustCertificate } from '../../dev/trust-certificate.ts'
import { DAY, type LogLine, MINUTE, recorder, REFERENCE } from '../support/world.ts'

const [FIRST, SECOND, THIRD] = [1, 2, 3].map(tenantIdAt) as [string, string, string]
const ALL = [FIRST, SECOND, THIRD]

let simulated: SimulatedTenants
let tables: RunningTableService
let distrust: () => void
let clock: SimulatedClock
let program: Program
let services: ManyTenantsServices
let log: LogLine[]
let prefixes = 0

beforeAll(async () => {
  clock = simulatedClock(REFERENCE)
  tables = await startTableService()
  const tenants = ALL.map((tenantId) => ({ tenantId, machines: 8, quota: 'none' as const }))
  simulated = await startSimulatedTenants({ seed: 5, clientId: CLIENT_ID, now: () => clock.now(), tenants })
  distrust = trustCertificate(simulated.certificate)
  for (const [name, value] of Object.entries(simulated.environment)) vi.stubEnv(name, value)
})
afterAll(async () => {
  distrust()
  vi.unstubAllEnvs()
  await Promise.all([simulated.close(), tables.close()])
})

beforeEach(async () => {
  log = []
  // Assertions are kept by the library, by the identity's id.
  vi.stubEnv('AZURE_CLIENT_ID', `aaaaaaaa-0000-4000-8000-${String((prefixes += 1)).padStart(12, '0')}`)
  simulated.setIdentity('ok')
  for (const tenantId of ALL) simulated.tenant(tenantId).setConsent('granted')
  const environment = {
    DEFENDER_CLIENT_ID: CLIENT_ID,
    DEFENDER_API_URL: simulated.url,
    AZURE_AUTHORITY_HOST: simulated.authorityUrl,
    STORAGE_CONNECTION_STRING: tables.connectionString,
    TABLE_PREFIX: `p${prefixes}`,
    SYNC_SCHEDULE: '0 0 2 * * *',
  }
  program = createProgram(environment, { clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) })
  services = manyTenantsOf(program)
  for (const tenantId of ALL) await registerTenant(services.store.of(tenantId), { ...NOTHING_SET, name: tenantId }, clock.now())
})

/** So many minutes of the app, each with its tick and all that it sent. How many messages there were in each. */
async function minutes(count: number): Promise<number[]> {
  const sent: number[] = []
  for (let minute = 0; minute < count; minute++) {
    const messages = await dispatch(services)
    sent.push(messages.length)
    for (const message of messages) await takeMessage(services, message)
    clock.advance(MINUTE - (clock.now() % MINUTE))
  }
  return sent
}

/** The minutes around the next daily start. */
async function day(): Promise<number[]> {
  const start = Math.floor(clock.now() / DAY) * DAY + 2 * 3_600_000
  clock.set(start > clock.now() ? start : start + DAY)
  return minutes(8)
}

const stateOf = async (tenantId: string) => (await services.store.of(tenantId).tenant.get())?.tenant
const statusesOf = async () => {
  const found: unknown[] = []
  for (const tenantId of ALL) found.push((await stateOf(tenantId))?.endedStatus)
  return found
}
const call = async (route: { serve: typeof healthRoute.serve }, path: string, params: Record<string, string> = {}) => {
  const { status, body } = await route.serve(() => program)(new HttpRequest({ method: 'GET', url: `https://app/api/${path}`, params }))
  return { status, json: JSON.parse(body as string) as Record<string, unknown> }
}
const exchangesOf = (tenantId: string) => simulated.tenant(tenantId).requests.entries.filter(({ route }) => route === 'authority').length

describe('promise 9: who refuses the app', () => {
  it('with tokens of their own, kept by tenant, all are read', { timeout: 60_000 }, async () => {
    const before = ALL.map((tenantId) => simulated.tenant(tenantId).tokensIssued)
    await day()
    expect(await statusesOf()).toEqual(['completed', 'completed', 'completed'])
    expect(ALL.map((tenantId, index) => simulated.tenant(tenantId).tokensIssued - (before[index] ?? 0))).toEqual([1, 1, 1])
    expect(await call(healthRoute, 'health')).toMatchObject({ status: 200, json: { status: 'ok', tenants: { ok: 3, blocked: 0 } } })
  })

  it.each([
    ['notOnboarded', 'AADSTS700016', 'adminconsent'],
    ['noServicePrincipal', 'AADSTS7000229', 'adminconsent'],
    ['notConsented', 'AADSTS65001', 'adminconsent'],
    ['missingRole', 'Machine.Read.All', 'adminconsent'],
    ['noDefender', 'AADSTS500011', 'needs Defender'],
    ['unknownTenant', 'AADSTS90002', 'delete it here'],
    ['conditionalAccess', 'AADSTS53003', 'Conditional Access'],
  ] as const)(
    'a tenant (%s) is blocked with the text of the platform, and what to do; the others go on',
    { timeout: 60_000 },
    async (consent, says, advice) => {
      simulated.tenant(SECOND).setConsent(consent)
      await day()
      expect(await statusesOf()).toEqual(['completed', 'failed', 'completed'])
      const { json } = await call(tenantRoute, `tenants/${SECOND}`, { tenantId: SECOND })
      expect(json).toMatchObject({ status: 'blocked', detail: expect.stringContaining(says) as string })
      expect(json['detail']).toContain(advice)
      expect(json['consentUrl']).toBe(`${simulated.authorityUrl}/${SECOND}/adminconsent?client_id=${CLIENT_ID}`)
      const health = await call(healthRoute, 'health')
      expect(health).toMatchObject({ status: 200, json: { status: 'ok', tenants: { ok: 2, blocked: 1 } } })
      expect(JSON.stringify(health)).not.toContain(SECOND)
      expect((await services.store.tenants.app()).identitySince).toBeNull()
    },
  )

  it('whatever is logged of a tenant names it', { timeout: 60_000 }, async () => {
    simulated.tenant(SECOND).setFaults({ notFoundForever: {} })
    onTestFinished(() => simulated.tenant(SECOND).setFaults({ notFoundForever: false }))
    await day()
    const ofTenants = log.filter(({ event }) => /^(slice|defender|listing|trends)\./.test(event))
    expect(ofTenants.filter(({ event, fields }) => event === 'defender.fault' && fields['tenantId'] === SECOND).length).toBeGreaterThan(8)
    expect(ofTenants.filter(({ fields }) => !ALL.includes(String(fields['tenantId'])))).toEqual([])
  })

  it('a tenant that refuses is looked at once a day, and at once when somebody asks', { timeout: 60_000 }, async () => {
    const hourly = { ...NOTHING_SET, name: 'often', schedule: '0 0 * * * *' }
    await registerTenant(services.store.of(SECOND), hourly, clock.now())
    simulated.tenant(SECOND).setConsent('notConsented')
    await day()
    const looked = exchangesOf(SECOND)
    for (let hour = 0; hour < 22; hour++) {
      clock.advance(60 * MINUTE - (clock.now() % (60 * MINUTE)))
      await minutes(3)
    }
    expect(exchangesOf(SECOND)).toBe(looked)
    await day()
    expect(exchangesOf(SECOND)).toBeGreaterThan(looked)
    simulated.tenant(SECOND).setConsent('granted')
    await requestSnapshot(services.store.of(SECOND), clock.now())
    await minutes(4)
    expect(await stateOf(SECOND)).toMatchObject({ endedStatus: 'completed', blockedCode: null })
  })

  it('a tenant that was read and refuses now keeps the figures of before', { timeout: 60_000 }, async () => {
    await day()
    const before = (await call(tenantRoute, `tenants/${SECOND}`, { tenantId: SECOND })).json
    simulated.tenant(SECOND).setConsent('noServicePrincipal')
    clock.advance(DAY / 2)
    await day()
    const { json } = await call(tenantRoute, `tenants/${SECOND}`, { tenantId: SECOND })
    expect(json).toMatchObject({ status: 'blocked', lastSnapshot: { status: 'failed', coverage: 0 } })
    expect(json).toMatchObject({ missing: before['missing'], assessed: before['assessed'] })
    expect((before['missing'] as { pairs: number }).pairs).toBeGreaterThan(0)
  })

  it.each(['noMatchingCredential', 'wrongAssertion', 'unavailable'] as const)(
    'where the app itself is refused (%s) that is one state of the app, no tenant fails, and one at a time tries again',
    { timeout: 60_000 },
    async (state) => {
      simulated.setIdentity(state)
      const sent = await day()
      expect(sent[0]).toBe(3)
      expect(Math.max(...sent.slice(1))).toBe(1)
      expect(await statusesOf()).toEqual([null, null, null])
      for (const tenantId of ALL) expect(await stateOf(tenantId)).toMatchObject({ blockedCode: null, identitySince: null })
      const app = await services.store.tenants.app()
      expect(app.identitySince).not.toBeNull()
      expect(await call(healthRoute, 'health')).toMatchObject({ status: 503, json: { status: 'blocked', tenants: { blocked: 0 } } })
      simulated.setIdentity('ok')
      await minutes(8)
      expect(await statusesOf()).toEqual(['completed', 'completed', 'completed'])
      expect((await services.store.tenants.app()).identitySince).toBeNull()
      expect(await call(healthRoute, 'health')).toMatchObject({ status: 200 })
    },
  )

  it('that is forgotten where nobody is left to try again', { timeout: 60_000 }, async () => {
    simulated.setIdentity('noMatchingCredential')
    await day()
    expect((await services.store.tenants.app()).identitySince).not.toBeNull()
    for (const tenantId of ALL) await disableTenant(services.store.of(tenantId))
    await minutes(2)
    expect((await services.store.tenants.app()).identitySince).toBeNull()
  })

  it('what passes by itself costs a tenant its time, and nobody else', { timeout: 60_000 }, async () => {
    simulated.tenant(SECOND).setConsent('temporarilyUnavailable')
    await day()
    expect(await statusesOf()).toEqual(['completed', null, 'completed'])
    simulated.tenant(SECOND).setConsent('granted')
    await minutes(4)
    expect(await statusesOf()).toEqual(['completed', 'completed', 'completed'])
    expect(await stateOf(SECOND)).toMatchObject({ identitySince: null })
  })
})
