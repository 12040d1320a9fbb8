import { json, type BodyAnswer } from './answer.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import type { Tokens } from './tokens.ts'

export const IDENTITY_PATH = '/MSI/token'

export interface IdentityEndpoint {
  tokens: Tokens
  log: RequestLog
  /** What `X-IDENTITY-HEADER` must be. */
  secret: string
  now: number
}

/**
 * The managed-identity endpoint of App Service and Functions, protocol of 2019:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function answerIdentity({ method, url, headers }: Received, { tokens, log, secret, now }: IdentityEndpoint): BodyAnswer {
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
    expires_on: String(Math.floor(token.expiresAt / 1_000)),
    resource,
    token_type: 'Bearer',
  })
}

function refusal(status: number, message: string): BodyAnswer {
  return json(status, { statusCode: status, message })
}
