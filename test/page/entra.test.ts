import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectPageHeaders } from '../support/page-headers.ts'
import { type Claim, principalHeader, signedIn } from '../support/principal.ts'
import { HOST_KEY } from '../support/served-app.ts'
import { servePage, type ServedPage } from '../support/served-page.ts'

// Where people sign in at the platform. The platform itself is played by its setting and its header.

const ANOTHER = '6f0c3c1e-2222-4333-8444-555555555555'

let page: ServedPage

beforeAll(async () => {
  page = await servePage({ PAGE_SIGN_IN: 'entra' })
})
beforeEach(() => void vi.stubEnv('WEBSITE_AUTH_ENABLED', 'True'))
afterAll(() => page.close())

type Headers = Record<string, string>
const data = (headers: Headers, path = 'overview') => page.send(`/api/page/data/${path}`, { headers })
const session = async (headers: Headers) => (await page.send('/api/page/session', { headers })).json
const withClaims = (claims: readonly Claim[], more?: object): Headers => ({ 'x-ms-client-principal': principalHeader(claims, more) })
const tid = (val: string): Claim => ({ typ: 'tid', val })
const READ: Claim = { typ: 'roles', val: 'patchtrail.read' }

/** What a request writes, and what the next tick makes of it, must be nothing. */
async function unchanged(act: () => Promise<void>): Promise<void> {
  const before = [page.written(), page.asked()]
  await act()
  expect(page.written()).toBe(before[0])
  await page.app.runTimer('tick')
  expect(page.asked()).toBe(before[1])
}

describe('whoever wants to read', () => {
  it('gets in with the role, of the tenant, in any letter case, and without a key', async () => {
    for (const tenantId of [page.tenantId, page.tenantId.toUpperCase()]) {
      const reply = await data(signedIn(tenantId, 'patchtrail.read'))
      expect(reply).toMatchObject({ status: 200, json: { asOf: {} } })
      expectPageHeaders(reply)
      expect(await session(signedIn(tenantId, 'patchtrail.read'))).toEqual({
        signIn: 'entra',
        user: 'ann@contoso.example',
        may: { read: true, sync: false },
      })
    }
    expect(await session(signedIn(page.tenantId, 'patchtrail.read', 'patchtrail.sync'))).toMatchObject({ may: { read: true, sync: true } })
  })

  it('gets in by the long names of claims that the platform may write', async () => {
    const claims = [
      { typ: 'http://schemas.microsoft.com/identity/claims/tenantid', val: page.tenantId },
      { typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role', val: 'patchtrail.read' },
    ]
    expect((await data(withClaims(claims))).status).toBe(200)
  })

  it('is nobody without a principal that can be read: 401, and where to sign in', async () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
    const odd = [
      '',
      ' ',
      '%%%',
      'not base64',
      '////',
      Buffer.from('{').toString('base64'),
      Buffer.from([0xff, 0xfe]).toString('base64'),
      json(null),
      json(1),
      json('x'),
      json([]),
      json({}),
      json({ auth_typ: 'aad' }),
      json({ auth_typ: 'aad', claims: {} }),
      json({ auth_typ: 'aad', claims: [1] }),
      json({ auth_typ: 'aad', claims: [{ typ: 'tid' }] }),
      json({ auth_typ: 'aad', claims: [{ typ: 1, val: 1 }] }),
      json({ claims: [tid(page.tenantId), READ] }),
      JSON.stringify({ auth_typ: 'aad', claims: [tid(page.tenantId), READ] }),
      'A'.repeat(8000),
    ]
    for (const headers of [{}, ...odd.map((header) => ({ 'x-ms-client-principal': header }))]) {
      const reply = await data(headers)
      expect(reply, JSON.stringify(headers).slice(0, 80)).toMatchObject({
        status: 401,
        json: { type: 'urn:patchtrail:problem:notSignedIn' },
      })
      expectPageHeaders(reply)
      expect(await session(headers)).toMatchObject({ may: { read: false, sync: false }, signInUrl: '/.auth/login/aad' })
    }
  })

  it.each<[string, (tenantId: string) => Headers]>([
    ['of another tenant', () => signedIn(ANOTHER, 'patchtrail.read')],
    ['of no tenant', () => withClaims([READ])],
    ['of two tenants', (tenantId) => withClaims([tid(tenantId), tid(ANOTHER), READ])],
    ['without a role', (tenantId) => signedIn(tenantId)],
    ['with the role to ask for snapshots alone', (tenantId) => signedIn(tenantId, 'patchtrail.sync')],
    ['with roles that are spelled like it', (tenantId) => signedIn(tenantId, 'patchtrail.Read', 'patchtrail.read ', 'patchtrail', 'read')],
    ['with the role in a claim of another kind', (tenantId) => withClaims([tid(tenantId), { typ: 'groups', val: 'patchtrail.read' }])],
    ['with the tenant in a claim of another kind', (tenantId) => withClaims([{ typ: 'oid', val: tenantId }, READ])],
  ])('is refused %s: 403, and the session says why', async (_who, headersFor) => {
    const headers = headersFor(page.tenantId)
    const reply = await data(headers)
    expect(reply).toMatchObject({ status: 403, json: { type: 'urn:patchtrail:problem:forbidden' } })
    expectPageHeaders(reply)
    const told = await session(headers)
    expect(told).toMatchObject({ signIn: 'entra', may: { read: false, sync: false }, detail: expect.any(String) as string })
    expect(told).not.toHaveProperty('signInUrl')
    for (const path of ['', 'nothing', 'machines', 'tenants', 'health', 'openapi.json', 'diffs?format=csv'])
      expect((await data(headers, path)).status, path).toBe(403)
  })

  it('is refused by the word of another provider than Microsoft Entra', async () => {
    for (const auth_typ of ['google', 'my-openid', '', 'AAD2', null])
      expect((await data(withClaims([tid(page.tenantId), READ], { auth_typ }))).status).toBe(401)
  })

  it('is refused, whoever it is, where the authentication of the platform is off: the header is worth nothing there', async () => {
    for (const value of ['', 'false', 'False', '0', 'yes', undefined]) {
      vi.stubEnv('WEBSITE_AUTH_ENABLED', value)
      for (const headers of [{}, signedIn(page.tenantId, 'patchtrail.read', 'patchtrail.sync'), { 'x-functions-key': HOST_KEY }]) {
        expect(await data(headers)).toMatchObject({ status: 403, json: { detail: expect.stringContaining('is off') as string } })
        expect(await session(headers)).toMatchObject({ may: { read: false, sync: false } })
      }
    }
  })

  it('gets in by no key: the page asks who it is', async () => {
    for (const path of ['overview', 'overview?code=the-key-of-the-host'])
      expect((await data({ 'x-functions-key': HOST_KEY }, path)).status).toBe(401)
  })
})

describe('the session', () => {
  it('names no tenant, to anybody', async () => {
    const everybody = [{}, signedIn(ANOTHER, 'patchtrail.read'), signedIn(page.tenantId), signedIn(page.tenantId, 'patchtrail.read')]
    for (const platform of ['True', '']) {
      vi.stubEnv('WEBSITE_AUTH_ENABLED', platform)
      for (const headers of everybody) {
        const reply = await page.send('/api/page/session', { headers })
        expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store'])
        for (const tenantId of [page.tenantId, ANOTHER]) expect(JSON.stringify(reply.headers) + reply.text).not.toContain(tenantId)
      }
    }
  })
})

describe('whoever asks for a snapshot', () => {
  const post = (headers: Headers) => page.send('/api/page/data/sync', { method: 'POST', headers })
  const own = (): Headers => ({ 'sec-fetch-site': 'same-origin', origin: page.url, 'x-patchtrail': 'page' })
  const may = () => signedIn(page.tenantId, 'patchtrail.read', 'patchtrail.sync')

  it('is refused, and nothing is written, unless the page itself asked', async () => {
    const without = (name: string): Headers => Object.fromEntries(Object.entries(own()).filter(([header]) => header !== name))
    const foreign: Headers[] = [
      {},
      ...Object.keys(own()).map(without),
      ...['cross-site', 'same-site', 'none', '', 'Same-Origin '].map((site) => ({ ...own(), 'sec-fetch-site': site })),
      ...[
        'https://evil.example',
        'null',
        '',
        `${page.url}.evil.example`,
        page.url.replace('http:', 'https:'),
        `${page.url}/`,
        'http://127.0.0.1',
      ].map((origin) => ({ ...own(), origin })),
      ...['', 'Page', 'other'].map((value) => ({ ...own(), 'x-patchtrail': value })),
    ]
    await unchanged(async () => {
      for (const headers of foreign) {
        const reply = await post({ ...may(), ...headers })
        expect([reply.status, (reply.json as { detail?: string } | undefined)?.detail], JSON.stringify(headers)).toEqual([
          403,
          'This did not come from the page itself.',
        ])
        expectPageHeaders(reply)
      }
    })
  })

  it('is refused, and nothing is written, without the role, of another tenant, signed out, and where authentication is off', async () => {
    await unchanged(async () => {
      const refused: [Headers, number][] = [
        [signedIn(page.tenantId, 'patchtrail.read'), 403],
        [signedIn(page.tenantId, 'patchtrail.sync'), 403],
        [signedIn(page.tenantId), 403],
        [signedIn(ANOTHER, 'patchtrail.read', 'patchtrail.sync'), 403],
        [{}, 401],
        [{ 'x-functions-key': HOST_KEY }, 401],
      ]
      for (const [headers, status] of refused) expect((await post({ ...headers, ...own() })).status, JSON.stringify(headers)).toBe(status)
      expect((await post({ ...refused[0]?.[0], ...own() })).json).toMatchObject({
        detail: expect.stringContaining('patchtrail.sync') as string,
      })
      vi.stubEnv('WEBSITE_AUTH_ENABLED', '')
      expect((await post({ ...may(), ...own() })).status).toBe(403)
    })
  })

  it('gets one, and is told where to follow it; a second is told of the first', async () => {
    const asked = await post({ ...may(), ...own() })
    expect(asked).toMatchObject({ status: 202, json: { status: 'pending', tenantId: page.tenantId } })
    expectPageHeaders(asked)
    const { statusUrl, snapshotId } = asked.json as { statusUrl: string; snapshotId: string }
    expect([statusUrl, asked.headers['location']]).toEqual([`${page.url}/api/page/data/snapshots/${snapshotId}`, statusUrl])
    expect(await page.send(new URL(statusUrl).pathname, { headers: signedIn(page.tenantId, 'patchtrail.read') })).toMatchObject({
      status: 200,
      json: { snapshotId, status: 'pending' },
    })
    expect(await post({ ...may(), ...own() })).toMatchObject({ status: 409, json: { snapshotId, statusUrl } })
  })

  it('is known by the address that a proxy in front tells', async () => {
    const behind = { ...may(), ...own(), 'x-forwarded-host': 'patchtrail.example', 'x-forwarded-proto': 'https' }
    expect((await post(behind)).status).toBe(403)
    expect((await post({ ...behind, origin: 'https://patchtrail.example' })).status).toBe(409)
  })
})

describe('the API beside it', () => {
  it('asks for its keys as before, whoever is signed in', async () => {
    const headers = { ...signedIn(page.tenantId, 'patchtrail.read', 'patchtrail.sync'), 'x-patchtrail': 'page' }
    for (const path of ['overview', 'odata/Machines', 'tenants', 'openapi.json'])
      expect((await page.send(`/api/${path}`, { headers })).status).toBe(401)
    expect((await page.send('/api/sync', { method: 'POST', headers })).status).toBe(401)
    expect((await page.call('/api/overview')).status).toBe(200)
  })

  it('is no part of what the page may change', () => {
    const own = page.app.functions.flatMap(({ name, trigger }) =>
      name.startsWith('page') && trigger.type === 'httpTrigger' ? [[name, trigger.route, trigger.authLevel, trigger.methods.join()]] : [],
    )
    expect(own).toEqual([
      ['pageData', 'api/page/data/{*path}', 'anonymous', 'GET,HEAD'],
      ['pageSession', 'api/page/session', 'anonymous', 'GET,HEAD'],
      ['pageShell', 'api/page/{*path}', 'anonymous', 'GET,HEAD'],
      ['pageSync', 'api/page/data/sync', 'anonymous', 'POST'],
    ])
  })
})
