import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCredential, createTokenSource } from '../../src/defender/index.ts'
import { json, openScriptedServer, reset, status, type ScriptedServer, type Step } from '../support/scripted-server.ts'

const SCOPE = 'https://api.securitycenter.microsoft.com/.default'
const TENANT = '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b'
// The libraries go by real time.
const clock = { now: () => Date.now(), sleep: () => Promise.resolve() }

/** As App Service answers: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference */
function token(text: string): Step {
  return (request, response) => {
    const resource = new URL(request.url ?? '', 'http://host').searchParams.get('resource')
    json({ access_token: text, expires_on: String(Math.floor(Date.now() / 1000) + 86_400), resource, token_type: 'Bearer' })(
      request,
      response,
    )
  }
}

// The library keeps the endpoint it has first seen, and its tokens, for the life of the process: one server for all tests,
// and a client id for each.
let endpoint: ScriptedServer

beforeAll(async () => {
  endpoint = await openScriptedServer()
  const settings = {
    IDENTITY_ENDPOINT: `${endpoint.url}/msi/token`,
    IDENTITY_HEADER: 'header-secret',
    AZURE_TOKEN_CREDENTIALS: 'prod',
    AZURE_TENANT_ID: undefined,
    AZURE_CLIENT_SECRET: undefined,
    AZURE_FEDERATED_TOKEN_FILE: undefined,
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.close()
})

/** Writes the endpoint's next answers, for a managed identity of its own. */
function script(clientId: string, ...steps: Step[]): void {
  endpoint.script.splice(0, Infinity, ...steps)
  endpoint.log.length = 0
  endpoint.headers.length = 0
  vi.stubEnv('AZURE_CLIENT_ID', clientId)
}

describe('a managed identity', () => {
  it('gives a token for the scope, which the library keeps', async () => {
    script('client-1', token('one'))
    const credential = createCredential({ tenantId: TENANT, authorityUrl: 'https://login.microsoftonline.us' })
    expect(await credential.getToken(SCOPE)).toMatchObject({ token: 'one' })
    expect(await createCredential().getToken(SCOPE)).toMatchObject({ token: 'one' })
    expect(endpoint.headers).toMatchObject([{ 'x-identity-header': 'header-secret' }])
    expect(endpoint.log[0]).toContain(`resource=${encodeURIComponent('https://api.securitycenter.microsoft.com')}`)
    expect(endpoint.log[0]).toContain('client_id=client-1')
  })

  it('is asked past every cache after a 401', async () => {
    script('client-2', token('revoked'), token('fresh'))
    const source = createTokenSource({ credential: createCredential({ tenantId: TENANT }), scope: SCOPE, clock })
    expect(await source.get()).toEqual({ kind: 'token', token: 'revoked' })
    source.refuse('revoked')
    expect(await source.get()).toEqual({ kind: 'token', token: 'fresh' })
    expect(endpoint.headers).toHaveLength(2)
    // The new one has taken the old one's place for everyone.
    expect(await createCredential().getToken(SCOPE)).toMatchObject({ token: 'fresh' })
  })

  it('that is not assigned is a fault to act on', async () => {
    script('client-3', json({ statusCode: 400, message: 'No User Assigned or Delegated Managed Identity found' }, 400))
    const source = createTokenSource({ credential: createCredential({ tenantId: TENANT }), scope: SCOPE, clock })
    expect(await source.get()).toMatchObject({
      fault: { kind: 'unauthorized', code: 'credentialUnavailable', detail: expect.stringContaining('No User Assigned') as unknown },
    })
  })

  it.each([
    ['client-4', json({ statusCode: 500, message: 'busy' }, 500), 3],
    ['client-5', status(502, '<html>'), 3],
    ['client-6', json({ statusCode: 429, message: 'busy' }, 429), undefined],
    ['client-7', status(200, '<html>sign in</html>', { 'content-type': 'text/html' }), undefined],
    ['client-8', reset, 3],
  ])('that stumbles is no refusal (%s)', async (clientId, answer, times) => {
    script(clientId, answer, answer, answer)
    const source = createTokenSource({ credential: createCredential({ tenantId: TENANT }), scope: SCOPE, clock })
    expect(await source.get()).toMatchObject({ fault: { kind: 'identity', code: 'credentialUnavailable' } })
    if (times !== undefined) expect(endpoint.headers).toHaveLength(times)
  })

  it.each([200, 400, 401, 403, 404, 408, 410, 429, 500, 502, 503])(
    'that answers %i without a body is no refusal',
    { timeout: 30_000 },
    async (code) => {
      script(`client-empty-${code}`, status(code), status(code), status(code))
      const source = createTokenSource({ credential: createCredential({ tenantId: TENANT }), scope: SCOPE, clock })
      expect(await source.get()).toMatchObject({ fault: { kind: 'identity', code: 'credentialUnavailable' } })
    },
  )

  it('that nobody knows is a fault to act on, in the words of the platform', async () => {
    script('client-9', json({ error: 'invalid_request', error_description: 'Identity not found' }, 400))
    const source = createTokenSource({ credential: createCredential({ tenantId: TENANT }), scope: SCOPE, clock })
    expect(await source.get()).toMatchObject({
      fault: { kind: 'unauthorized', detail: expect.stringContaining('Identity not found') as unknown },
    })
  })
})
