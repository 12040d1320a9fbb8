import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

/**
 * Who signed in, as App Service authentication tells it. The header is not signed: it is worth something only where the platform, which takes it
 * out of requests from outside, is switched on. https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
 */
export interface Principal {
  name: string | undefined
  tenantId: string | undefined
  roles: readonly string[]
}

const claims = z.object({
  auth_typ: z.literal('aad'),
  name_typ: z.string().optional(),
  role_typ: z.string().optional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
})

const TENANT_CLAIMS = ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid']
const NAME_CLAIMS = ['preferred_username', 'name', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name']
const ROLE_CLAIMS = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role']

/**
 * The principal of a header `x-ms-client-principal`: base64 of JSON; undefined for none and for anything else. Only Microsoft Entra's word counts:
 * another provider that is switched on beside it could claim any tenant and any role.
 */
export function readPrincipal(header: string | null): Principal | undefined {
  const read = claims.safeParse(header === null ? undefined : parseJson(Buffer.from(header, 'base64').toString('utf8')))
  if (!read.success) return undefined
  const valuesOf = (types: readonly (string | undefined)[]) =>
    read.data.claims.filter(({ typ }) => types.includes(typ)).map(({ val }) => val)
  const tenants = new Set(valuesOf(TENANT_CLAIMS).map((tenant) => tenant.toLowerCase()))
  return {
    name: valuesOf([...NAME_CLAIMS, read.data.name_typ])[0],
    // Whoever is of two is of none.
    tenantId: tenants.size === 1 ? [...tenants][0] : undefined,
    roles: valuesOf([...ROLE_CLAIMS, read.data.role_typ]),
  }
}
