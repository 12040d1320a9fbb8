import type { Principal } from './principal.ts'

/** App roles of the registration that people sign in to. */
export const READ_ROLE = 'patchtrail.read'
export const SYNC_ROLE = 'patchtrail.sync'

/** What somebody may do on the page, or why nothing. */
export type Access =
  { ok: true; name: string | undefined; mayRead: boolean; maySync: boolean } | { ok: false; status: 401 | 403; detail: string }

export interface Asking {
  /** Whether the platform says that its authentication is on. */
  isPlatformOn: boolean
  principal: Principal | undefined
  /** The tenant whose people may sign in; undefined where none is configured. */
  tenantId: string | undefined
}

/**
 * Who may what, where people sign in at the platform. It fails closed: without the platform's word that it checks sign-ins, its header is worth
 * nothing; signed in is not yet allowed, as any member of a tenant can sign in to a registration that does not ask for an assignment.
 */
export function accessOf({ isPlatformOn, principal, tenantId }: Asking): Access {
  const refused = (status: 401 | 403, detail: string) => ({ ok: false, status, detail }) as const
  if (!isPlatformOn) return refused(403, 'PAGE_SIGN_IN is entra, but the authentication of App Service is off: nobody gets in.')
  if (!principal) return refused(401, 'Nobody is signed in.')
  if (tenantId === undefined) return refused(403, 'No tenant is configured whose people may sign in: set DEFENDER_TENANT_ID.')
  if (principal.tenantId !== tenantId) return refused(403, 'You are signed in to another tenant than the one whose people may read this.')
  const mayRead = principal.roles.includes(READ_ROLE)
  const maySync = principal.roles.includes(SYNC_ROLE)
  if (!mayRead) return refused(403, `You are signed in, and have no role to read this. Ask for the app role ${READ_ROLE}.`)
  return { ok: true, name: principal.name, mayRead, maySync }
}
