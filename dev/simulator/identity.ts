import { createHash } from 'node:crypto'
import { json, type BodyAnswer } from './answer.ts'
import { seconds } from './json-web-token.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import type { IssuedToken } from './tokens.ts'

export const IDENTITY_PATH = '/MSI/token'

/** Gives tokens for resources: undefined for one that it does not know. */
export interface TokenIssuer {
  issue: (resource: string, now: number) => IssuedToken | undefined
}

/** What `X-IDENTITY-HEADER` must be. */
export function identitySecretOf(seed: number): string {
  return createHash('sha256').update(`identity header ${seed}`).digest('hex')
}

/**
 * The managed-identity endpoint of App Service and Functions, protocol of 2019; `secret` is what `X-IDENTITY-HEADER` must be.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function answerIdentity(
  { method, url, headers }: Received,
  issuer: TokenIssuer,
  log: RequestLog,
  secret: string,
  now: number,
): BodyAnswer {
  const isTrusted = headers['x-identity-header'] === secret
  const answer = isTrusted ? issue(url.searchParams, issuer, now) : refuseIdentity(401, 'X-IDENTITY-HEADER is missing or wrong')
  log.add({ at: now, method, path: url.pathname + url.search, route: 'identity', status: answer.status })
  return answer
}

function issue(query: URLSearchParams, issuer: TokenIssuer, now: number): BodyAnswer {
  const resource = query.get('resource')
  if (query.get('api-version') !== '2019-08-01') return refuseIdentity(400, 'api-version must be 2019-08-01')
  if (resource === null) return refuseIdentity(400, 'resource is required')
  const token = issuer.issue(resource, now)
  if (!token) return refuseIdentity(400, `AADSTS500011: The resource principal named ${resource} was not found in the tenant.`)
  return json(200, {
    access_token: token.accessToken,
    client_id: query.get('client_id') ?? '00000000-0000-0000-0000-000000000000',
    expires_on: String(seconds(token.expiresAt)),
    resource,
    token_type: 'Bearer',
  })
}

export const refuseIdentity = (status: number, message: string): BodyAnswer => json(status, { statusCode: status, message })
