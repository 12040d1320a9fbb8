import { z } from 'zod'
import { bearerOf, claimsOf, seconds, signToken, unprovenClaimsOf } from './json-web-token.ts'
import { HOUR } from './time.ts'

/** Resources that clients of the real API name: WindowsDefenderATP, under its names in the clouds, and the newer Defender host. */
const DEFENDER_AUDIENCES: ReadonlySet<string> = new Set([
  'https://api.securitycenter.microsoft.com',
  'https://api.security.microsoft.com',
  'https://securitycenter.onmicrosoft.com/windowsatpservice',
  'https://securitycenter.onmicrosoft.us/windowsatpservice',
])

export function isDefender(resource: string): boolean {
  return DEFENDER_AUDIENCES.has(resource.replace(/\/$/, ''))
}

/** One hour less a second. https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp */
const LIFETIME = HOUR - 1_000

/** What an app needs for all that is simulated; the last for the export alone. */
export const ROLES: readonly string[] = ['Machine.Read.All', 'Software.Read.All', 'Vulnerability.Read.All']

const claims = z.object({ exp: z.number(), roles: z.array(z.string()).default([]) })
const tenantClaim = z.object({ tid: z.string() })

export interface IssuedToken {
  accessToken: string
  /** Epoch ms. */
  expiresAt: number
}

/**
 * Issues bearer tokens of one tenant and knows its own again, by signature only: a simulator that is started anew with the same seed
 * accepts them. They look like JSON Web Tokens with a `roles` claim, as Entra's do.
 */
export class Tokens {
  readonly #key: string
  readonly #tenantId: string
  /** What tokens are given with, unless told. */
  readonly #roles: readonly string[]
  issued = 0
  #lastChecked: { token: string; expiresAt: number; roles: readonly string[] } = { token: '', expiresAt: 0, roles: [] }

  constructor(seed: number, tenantId: string, roles = ROLES) {
    this.#key = `simulated signing key ${seed}`
    this.#tenantId = tenantId
    this.#roles = roles
  }

  /** Undefined if the resource is not Defender. */
  issue(resource: string, now: number, roles = this.#roles): IssuedToken | undefined {
    if (!isDefender(resource)) return undefined
    this.issued++
    const expiresAt = now + LIFETIME
    const times = { iat: seconds(now), exp: seconds(expiresAt) }
    // Entra leaves the claim out where there are no roles.
    const granted = roles.length > 0 ? { roles } : {}
    const accessToken = signToken({ aud: resource, tid: this.#tenantId, ...granted, ...times, jti: this.issued }, this.#key)
    return { accessToken, expiresAt }
  }

  /** The roles of the token in an Authorization header; undefined if it is not ours or has expired. */
  rolesOf(authorization: string | undefined, now: number): readonly string[] | undefined {
    const token = bearerOf(authorization)
    if (token === undefined) return undefined
    if (token !== this.#lastChecked.token) {
      const signed = claimsOf(token, this.#key)
      if (signed === undefined) return undefined
      const { exp, roles } = claims.parse(signed)
      this.#lastChecked = { token, expiresAt: exp * 1_000, roles }
    }
    return now < this.#lastChecked.expiresAt ? this.#lastChecked.roles : undefined
  }
}

/** The tenant that the token in an Authorization header says it is of, which its signature has yet to prove. */
export function tenantNamedBy(authorization: string | undefined): string | undefined {
  return tenantClaim.safeParse(unprovenClaimsOf(bearerOf(authorization) ?? '')).data?.tid
}
