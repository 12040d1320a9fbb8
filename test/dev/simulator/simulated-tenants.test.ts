import { ClientAssertionCredential, ManagedIdentityCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startSimulatedTenants, tenantIdOf, type SimulatedTenants } from '../../../dev/simulator/index.ts'
import { HOUR, MINUTE } from '../../../dev/simulator/time.ts'
import { trustCertificate } from '../../../dev/trust-certificate.ts'
import { codeOf, idsOf, missingKbsPath, REFERENCE } from './client.ts'
import { rowsIn, textOf } from './export/exporting.ts'

const CLIENT_ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const SCOPE = 'https://api.securitycenter.microsoft.com/.default'
const [FIRST, SECOND, THIRD] = [0, 1, 2].map(tenantIdOf) as [string, string, string]
const retryOptions = { maxRetries: 0 }

// The library keeps the endpoint of the managed identity for the life of the process: one simulator for all tests.
let simulated: SimulatedTenants
let distrust: () => void

beforeAll(async () => {
  const tenants = [
    { tenantId: FIRST, machines: 30 },
    { tenantId: SECOND, machines: 30 },
    { tenantId: THIRD, machines: 5, consent: 'notOnboarded' as const, quota: { missingKbs: { perMinute: 2, perHour: 9 } } },
  ]
  simulated = await startSimulatedTenants({ seed: 1, now: () => REFERENCE, clientId: CLIENT_ID, tenants })
  distrust = trustCertificate(simulated.certificate)
  for (const [name, value] of Object.entries(simulated.environment)) vi.stubEnv(name, value)
})

afterEach(() => {
  simulated.setIdentity('ok')
  simulated.tenant(FIRST).setConsent('granted')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  distrust()
  await simulated.close()
})

/** The app's credential for a tenant; `identityId` is the managed identity's. */
function credentialFor(tenantId: string, identityId = 'identity') {
  const identity = new ManagedIdentityCredential({ clientId: identityId, retryOptions })
  const getAssertion = async () => (await identity.getToken('api://AzureADTokenExchange/.default')).token
  const options = { authorityHost: simulated.authorityUrl, disableInstanceDiscovery: true, retryOptions }
  return new ClientAssertionCredential(tenantId, CLIENT_ID, getAssertion, options)
}

async function tokenFor(tenantId: string): Promise<string> {
  return (await credentialFor(tenantId).getToken(SCOPE)).token
}

async function refusalFor(tenantId: string, { scope = SCOPE, identityId = 'identity' } = {}) {
  const error = await credentialFor(tenantId, identityId)
    .getToken(scope)
    .then(
      () => undefined,
      (reason: unknown) => reason as Error,
    )
  return `${error?.name}: ${error?.message}`
}

async function get(path: string, token: string) {
  const response = await fetch(simulated.url + path, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a token', () => {
  test('comes from @azure/identity for an assertion of the managed identity, and opens its tenant only', async () => {
    const issued = await credentialFor(FIRST).getToken(SCOPE)
    expect(Math.abs(issued.expiresOnTimestamp - (REFERENCE + HOUR))).toBeLessThan(MINUTE)
    const lists = await Promise.all([issued.token, await tokenFor(SECOND)].map((token) => get('/api/machines', token)))
    const ids = lists.map(({ body }) => idsOf(body).sort())
    expect(ids).toEqual([FIRST, SECOND].map((tenantId) => [...simulated.tenant(tenantId).truth(REFERENCE).keys()].sort()))
    const [foreignId = ''] = ids[1] ?? []
    expect(ids[0]).not.toContain(foreignId)
    expect((await get(missingKbsPath(foreignId), issued.token)).status).toBe(404)
    expect(simulated.tenant(SECOND).requests.count({ route: 'missingKbs' })).toBe(0)
  })

  test('that names another tenant than it was signed for, or none, opens nothing', async () => {
    const [header, claims = '', signature] = (await tokenFor(FIRST)).split('.')
    const stated = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
    for (const tid of [SECOND, tenantIdOf(9)]) {
      const forged = Buffer.from(JSON.stringify({ ...stated, tid })).toString('base64url')
      const { status, body } = await get('/api/machines', `${header}.${forged}.${signature}`)
      expect([status, codeOf(body)]).toEqual([401, 'Unauthorized'])
    }
    expect((await get('/api/machines', 'nonsense')).status).toBe(401)
  })

  test('without roles is refused by Defender, as it names them', async () => {
    simulated.tenant(FIRST).setConsent('missingRole')
    const { status, body } = await get('/api/machines', await tokenFor(FIRST))
    expect(status).toBe(403)
    expect(body.error).toMatchObject({
      message: 'Missing application roles. API required roles: Machine.Read.All, application roles: .',
    })
  })
})

describe('consent', () => {
  test.each([
    ['notOnboarded', 'unauthorized_client: Error(s): 700016 ', `'${CLIENT_ID}' was not found in the directory '${FIRST}'.`],
    ['noServicePrincipal', 'invalid_client: Error(s): 7000229 ', `missing service principal in the tenant ${FIRST}.`],
    ['notConsented', 'invalid_grant: AADSTS65001: ', 'The user or administrator has not consented'],
    [
      'noDefender',
      'invalid_resource: Error(s): 500011 ',
      `https://api.securitycenter.microsoft.com was not found in the tenant named ${FIRST}.`,
    ],
    ['unknownTenant', 'invalid_request: Error(s): 90002 ', `Tenant '${FIRST}' not found.`],
    ['conditionalAccess', 'invalid_grant: AADSTS53003: ', 'blocked by Conditional Access policies.'],
    ['temporarilyUnavailable', 'temporarily_unavailable: Error(s): 90033 ', 'AADSTS90033: A transient error has occurred.'],
  ] as const)('%s is refused in Entra’s words, for that tenant alone', async (consent, begins, tells) => {
    simulated.tenant(FIRST).setConsent(consent)
    const refusal = await refusalFor(FIRST)
    expect(refusal.startsWith(`AuthenticationRequiredError: ${begins}`), refusal).toBe(true)
    expect(refusal).toContain(tells)
    expect(refusal).toMatch(/Trace ID: [\da-f-]{36} Correlation ID: [\da-f-]{36} Timestamp: 2026-03-11 12:00:00Z/)
    expect(await tokenFor(SECOND)).toMatch(/^ey/)
  })

  test('is what a tenant started with, and can be given later', async () => {
    expect(await refusalFor(THIRD)).toContain('AADSTS700016')
    simulated.tenant(THIRD).setConsent('granted')
    expect(await tokenFor(THIRD)).toMatch(/^ey/)
    expect(await refusalFor(tenantIdOf(9))).toContain('AADSTS90002')
    expect(await refusalFor(FIRST, { scope: 'https://graph.microsoft.com/.default' })).toContain('AADSTS500011')
  })
})

describe('the identity of the app', () => {
  test.each([
    ['noMatchingCredential', 'AuthenticationRequiredError: invalid_client: Error(s): 700213 '],
    ['wrongAssertion', 'AuthenticationRequiredError: invalid_client: Error(s): 700027 '],
    ['authorityDown', 'CredentialUnavailableError: endpoints_resolution_error: '],
    ['unavailable', 'AuthenticationRequiredError: ManagedIdentityCredential: Authentication failed. Message : Error(s): Not Available '],
  ] as const)('%s stops every tenant', async (state, begins) => {
    simulated.setIdentity(state)
    for (const tenantId of [FIRST, SECOND]) {
      const refusal = await refusalFor(tenantId, { identityId: state })
      // An identity that was never asked: the library would go on with an assertion that it holds.
      if (state === 'unavailable') expect(refusal).toContain('An unexpected error occurred while fetching the token.')
      expect(refusal.slice(0, begins.length)).toBe(begins)
    }
  })

  test('is not its registration, and believes no assertion but its own', async () => {
    expect(await refusalFor(FIRST, { identityId: CLIENT_ID })).toContain('No User Assigned or Delegated Managed Identity found')
    const forged = new ClientAssertionCredential(FIRST, CLIENT_ID, () => tokenFor(SECOND), {
      authorityHost: simulated.authorityUrl,
      disableInstanceDiscovery: true,
      retryOptions,
    })
    await expect(forged.getToken(SCOPE)).rejects.toThrow('AADSTS700027')
  })
})

test('quotas, faults and logs are apart', async () => {
  simulated.tenant(THIRD).setConsent('granted')
  const [third, second] = await Promise.all([tokenFor(THIRD), tokenFor(SECOND)])
  simulated.tenant(SECOND).setFaults({ list500: {} })
  const statuses = (token: string) => Promise.all([0, 1, 2].map(async () => (await get(missingKbsPath('nobody'), token)).status))
  expect((await statuses(third)).sort()).toEqual([404, 404, 429])
  expect(await statuses(second)).toEqual([404, 404, 404])
  expect([(await get('/api/machines', third)).status, (await get('/api/machines', second)).status]).toEqual([200, 500])
  expect([THIRD, SECOND].map((tenantId) => simulated.tenant(tenantId).quotaViolations)).toEqual([1, 0])
  expect(simulated.tenant(THIRD).requests.count({ route: 'authority' })).toBeGreaterThan(0)
})

test('exports are apart: each tenant is given its own files, and asked for them by nobody else', async () => {
  const [first, second] = [FIRST, SECOND].map((tenantId) => simulated.tenant(tenantId))
  const { body } = await get('/api/machines/SoftwareVulnerabilitiesExport', await tokenFor(FIRST))
  const texts = await Promise.all((body.exportFiles as string[]).map(textOf))
  expect(new Set(texts.flatMap(rowsIn).map(({ DeviceId }) => DeviceId))).toEqual(new Set(first?.exported(REFERENCE).machines.keys()))
  expect(first?.requests.count({ route: 'file', status: 200 })).toBe(texts.length)
  expect(second?.requests.count({ route: 'file' })).toBe(0)
})
