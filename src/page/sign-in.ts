import type { Program } from '../program.ts'
import { type Access, accessOf } from './access.ts'
import { readPrincipal } from './principal.ts'

/** Set by App Service where its authentication is on. https://learn.microsoft.com/azure/app-service/reference-app-settings#authentication--authorization */
const PLATFORM_SWITCH = 'WEBSITE_AUTH_ENABLED'

/** Who asks, and what they may, where people sign in at the platform. */
export function accessBySignIn(program: Program, headers: Headers): Access {
  if (program.kind === 'broken') return { ok: false, status: 403, detail: BROKEN }
  return accessOf({
    isPlatformOn: process.env[PLATFORM_SWITCH]?.toLowerCase() === 'true',
    principal: readPrincipal(headers.get('x-ms-client-principal')),
    tenantId: program.services.config.page.tenantId,
  })
}

const BROKEN = 'The settings of the app are not complete, so nobody gets in. /api/health says what is wrong with them.'
