import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../src/page/access.ts'
import { readPrincipal } from '../../src/page/principal.ts'
import { type Claim, principalHeader } from '../support/principal.ts'

const TENANT = '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b'
const OTHER = '6f0c3c1e-2222-4333-8444-555555555555'

const tenantId = fc.constantFrom(TENANT, OTHER, '', undefined)
const roles = fc.subarray(['patchtrail.read', 'patchtrail.sync', 'patchtrail', 'Patchtrail.Read', 'admin'])
const principal = fc.option(fc.record({ name: fc.option(fc.string(), { nil: undefined }), tenantId, roles }), { nil: undefined })

describe('accessOf', () => {
  it('lets in whom the platform, the tenant and the role let in, and nobody else', () => {
    fc.assert(
      fc.property(fc.boolean(), principal, tenantId, (isPlatformOn, who, tenant) => {
        const access = accessOf({ isPlatformOn, principal: who, tenantId: tenant })
        const isLetIn =
          isPlatformOn && who !== undefined && tenant !== undefined && who.tenantId === tenant && who.roles.includes('patchtrail.read')
        expect(access.ok).toBe(isLetIn)
        if (access.ok) expect(access).toEqual({ ok: true, name: who?.name, mayRead: true, maySync: who?.roles.includes('patchtrail.sync') })
      }),
    )
  })

  it('asks to sign in only where that would help, and names neither tenant', () => {
    fc.assert(
      fc.property(fc.boolean(), principal, fc.constantFrom(TENANT, OTHER, undefined), (isPlatformOn, who, tenant) => {
        const access = accessOf({ isPlatformOn, principal: who, tenantId: tenant })
        if (access.ok) return
        expect(access.status).toBe(isPlatformOn && who === undefined ? 401 : 403)
        for (const id of [TENANT, OTHER]) expect(access.detail).not.toContain(id)
      }),
    )
  })

  it('never takes a right away for a role more', () => {
    fc.assert(
      fc.property(roles, roles, (some, more) => {
        const of = (own: string[]) =>
          accessOf({ isPlatformOn: true, principal: { name: undefined, tenantId: TENANT, roles: own }, tenantId: TENANT })
        const [fewer, all] = [of(some), of([...some, ...more])]
        if (fewer.ok) expect(all).toMatchObject({ ok: true, maySync: fewer.maySync || more.includes('patchtrail.sync') })
      }),
    )
  })
})

const claim: fc.Arbitrary<Claim> = fc.record({
  typ: fc.oneof(
    fc.constantFrom(
      'tid',
      'roles',
      'name',
      'preferred_username',
      'groups',
      'ROLES',
      'http://schemas.microsoft.com/identity/claims/tenantid',
    ),
    fc.string(),
  ),
  val: fc.oneof(fc.constantFrom(TENANT, TENANT.toUpperCase(), OTHER, 'patchtrail.read'), fc.string()),
})

describe('readPrincipal', () => {
  it('reads the tenant that all claims about one agree on, and the roles of claims of roles', () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 6 }), (claims) => {
        const read = readPrincipal(principalHeader(claims))
        const isTenant = ({ typ }: Claim) => typ === 'tid' || typ === 'http://schemas.microsoft.com/identity/claims/tenantid'
        const tenants = new Set(claims.filter(isTenant).map(({ val }) => val.toLowerCase()))
        expect(read?.tenantId).toBe(tenants.size === 1 ? [...tenants][0] : undefined)
        expect(read?.roles).toEqual(claims.filter(({ typ }) => typ === 'roles').map(({ val }) => val))
      }),
    )
  })

  it('takes nothing for a principal that is none, and never throws', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64')),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
    )
    fc.assert(
      fc.property(header, (text) => {
        expect(readPrincipal(text)).toBeUndefined()
      }),
    )
    expect(readPrincipal(null)).toBeUndefined()
  })

  it('takes the word of Microsoft Entra only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(undefined, null, 1, 'AAD ', 'google')), (auth_typ) => {
        fc.pre(auth_typ !== 'aad')
        expect(readPrincipal(principalHeader([{ typ: 'tid', val: TENANT }], { auth_typ }))).toBeUndefined()
      }),
    )
  })
})
