import { z } from 'zod'
import { drawGuid } from './draw.ts'
import { claimsOf, seconds, signToken } from './json-web-token.ts'
import { DAY } from './time.ts'
import type { IssuedToken } from './tokens.ts'

/** What an assertion is for, in the public cloud, the US government's, and China. */
const EXCHANGES: ReadonlySet<string> = new Set([
  'api://AzureADTokenExchange',
  'api://AzureADTokenExchangeUSGov',
  'api://AzureADTokenExchangeChina',
])

const claims = z.object({ sub: z.string(), exp: z.number() })

/**
 * Tokens of the app's managed identity that stand in for a secret of the app: the identity's endpoint gives them, the authority knows
 * them again. They live by the wall clock: only libraries hold them, and those know no other.
 */
export class Assertions {
  readonly #key: string
  /** The principal that they are of. */
  readonly subject: string
  readonly #wallClock: () => number
  #issued = 0

  constructor(seed: number, wallClock: () => number = Date.now) {
    this.#key = `simulated identity key ${seed}`
    this.subject = drawGuid(seed, 'principal of the identity')
    this.#wallClock = wallClock
  }

  /** Undefined if the resource is not an exchange for tokens. */
  issue(resource: string): IssuedToken | undefined {
    if (!EXCHANGES.has(resource)) return undefined
    const now = this.#wallClock()
    const expiresAt = now + DAY
    const times = { iat: seconds(now), nbf: seconds(now), exp: seconds(expiresAt) }
    const accessToken = signToken({ aud: resource, sub: this.subject, ...times, jti: ++this.#issued }, this.#key)
    return { accessToken, expiresAt }
  }

  /** Whether a text is one of them, and still good. */
  check(text: string): 'good' | 'expired' | 'foreign' {
    const signed = claims.safeParse(claimsOf(text, this.#key))
    if (!signed.success) return 'foreign'
    return this.#wallClock() < signed.data.exp * 1_000 ? 'good' : 'expired'
  }
}
