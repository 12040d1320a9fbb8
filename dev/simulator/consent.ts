import { z } from 'zod'
import type { EntraErrorName } from './entra-errors.ts'

/**
 * What a tenant has granted the app, and so what Entra says to it. `missingRole` is a token without the app's roles, which Defender
 * itself refuses.
 */
export const consent = z.enum([
  'granted',
  'missingRole',
  'notOnboarded',
  'noServicePrincipal',
  'notConsented',
  'noDefender',
  'unknownTenant',
  'conditionalAccess',
  'temporarilyUnavailable',
])

export type Consent = z.output<typeof consent>

/** The error by which Entra refuses a token; none where it gives one. */
export function refusalOf(given: Consent): EntraErrorName | undefined {
  return given === 'granted' || given === 'missingRole' ? undefined : given
}
