import { createHmac, timingSafeEqual } from 'node:crypto'
import { json, type BodyAnswer } from './answer.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import { HOUR } from './time.ts'

/** Resources that clients of the real API name: WindowsDefenderATP, under its names in the clouds, and the newer Defender host. */
const DEFENDER_AUDIENCES: ReadonlySet<string> = new Set([
  'https://api.securitycenter.microsoft.com',
  'https://api.security.microsoft.com',
  'https://securitycenter.onmicrosoft.com/windowsatpservice',
  'https://securitycenter.onmicrosoft.us/windowsatpservice',
])

/** One hour less a second. https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp */
const LIFETIME = HOUR - 1_000

const ROLES = ['Machine.Read.All', 'Software.Read.All'] as const

interface IssuedToken {
  accessToken: string
  expiresAt: number
}

/**
 * Issues bearer tokens and knows its own again, by signature only: a simulator that is started anew with the same seed accepts them.
 * They look like JSON Web Tokens with a `roles` claim, as Entra's do.
 */
export class Tokens {
  readonly #key: string
  readonly #tenantId: string
  issued = 0
  #lastChecked = { token: '', expiresAt: 0 }

  constructor(seed: number, tenantId: string) {
    this.#key = `simulated signing key ${seed}`
    this.#tenantId = tenantId
  }

  /** Undefined if the resource is not Defender. */
  issue(resource: string, now: number): IssuedToken | undefined {
    if (!DEFENDER_AUDIENCES.has(resource.replace(/\/$/, ''))) return undefined
    this.issued++
    const expiresAt = now + LIFETIME
    const claims = { aud: resource, tid: this.#tenantId, roles: ROLES, iat: seconds(now), exp: seconds(expiresAt), jti: this.issued }
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
    return { accessToken: `${signed}.${this.#sign(signed)}`, expiresAt }
  }

  /** Whether the value of an Authorization header carries a token of ours that has not expired. */
  accepts(authorization: string | undefined, now: number): boolean {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined) return false
    if (token !== this.#lastChecked.token) {
      const expiresAt = this.#expiryOf(token)
      if (expiresAt === undefined) return false
      this.#lastChecked = { token, expiresAt }
    }
    return now < this.#lastChecked.expiresAt
  }

  #expiryOf(token: string): number | undefined {
    const [header = '', claims = '', signature = ''] = token.split('.')
    const expected = Buffer.from(this.#sign(`${header}.${claims}`))
    const given = Buffer.from(signature)
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
    // Signed by ourselves, so it has the shape that `issue` gave it.
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }).exp * 1_000
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url')
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000)
}

export const IDENTITY_PATH = '/MSI/token'

/**
 * The managed-identity endpoint of App Service and Functions, protocol of 2019; `secret` is what `X-IDENTITY-HEADER` must be.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function answerIdentity(
  { method, url, headers }: Received,
  tokens: Tokens,
  log: RequestLog,
  secret: string,
  now: number,
): BodyAnswer {
  const isTrusted = headers['x-identity-header'] === secret
  const answer = isTrusted ? issue(url.searchParams, tokens, now) : refusal(401, 'X-IDENTITY-HEADER is missing or wrong')
  log.add({ at: now, method, path: url.pathname + url.search, route: 'identity', status: answer.status })
  return answer
}

function issue(query: URLSearchParams, tokens: Tokens, now: number): BodyAnswer {
  const resource = query.get('resource')
  if (query.get('api-version') !== '2019-08-01') return refusal(400, 'api-version must be 2019-08-01')
  if (resource === null) return refusal(400, 'resource is required')
  const token = tokens.issue(resource, now)
  if (!token) return refusal(400, `AADSTS500011: The resource principal named ${resource} was not found in the tenant.`)
  return json(200, {
    access_token: token.accessToken,
    client_id: query.get('client_id') ?? '00000000-0000-0000-0000-000000000000',
    expires_on: String(seconds(token.expiresAt)),
    resource,
    token_type: 'Bearer',
  })
}

const refusal = (status: number, message: string): BodyAnswer => json(status, { statusCode: status, message })
