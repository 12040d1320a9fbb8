import { failure, html, type Answer } from './answer.ts'
import type { ApiRoute, FaultPlan, Route } from './faults.ts'
import type { ApiClass, Quota } from './quota.ts'
import type { Tokens } from './tokens.ts'

/** A call of the Defender API: `subject` is the machine or the software asked about, by id or DNS name, or `list`, or `export`. */
export interface ApiTarget {
  route: ApiRoute
  apiClass: ApiClass
  subject: string
}

/** One call of the API on its way: what is asked, with which token, when; `target` is its tracking id. */
export interface ApiCall extends ApiTarget {
  query: URLSearchParams
  pathname: string
  authorization: string | undefined
  now: number
  target: string
}

/** Permissions in the pages of get-machines, get-missing-kbs-machine, get-software and get-assessment-software-vulnerabilities. */
const REQUIRED_ROLE: Record<ApiRoute, string> = {
  machineList: 'Machine.Read.All',
  machine: 'Machine.Read.All',
  missingKbs: 'Software.Read.All',
  software: 'Software.Read.All',
  softwareMissingKbs: 'Software.Read.All',
  export: 'Vulnerability.Read.All',
}

/** Refuses the call as Defender's front door would (401, 403, 429), or lets it pass: undefined. Only calls with a good token count. */
export function refuse(call: ApiCall, tokens: Tokens, faults: FaultPlan, quotas: Record<ApiClass, Quota> | undefined): Answer | undefined {
  const roles = tokens.rolesOf(call.authorization, call.now)
  if (!roles) return unauthorized('The token is missing, not valid or expired', call.target)
  return refuseToken(call, faults) ?? refuseRole(call, roles, faults) ?? refuseOverQuota(call, faults, quotas?.[call.apiClass])
}

export function unauthorized(reason: string, target: string): Answer {
  const message = `Unauthorized request - reason of failure: ${reason}`
  return failure(401, 'Unauthorized', message, target, { 'www-authenticate': 'Bearer' })
}

function refuseToken({ route, subject, now, target }: ApiCall, faults: FaultPlan): Answer | undefined {
  if (faults.strike('expiredTokenOnce', route, subject, now)) return unauthorized('The token is expired', target)
  return faults.strike('unlicensed', route, subject, now) ? unauthorized('No Tvm license', target) : undefined
}

function refuseRole({ route, subject, now, target }: ApiCall, roles: readonly string[], faults: FaultPlan): Answer | undefined {
  const role = REQUIRED_ROLE[route]
  const isStruck = faults.strike('missingRole', route, subject, now) !== undefined
  if (roles.includes(role) && !isStruck) return undefined
  const others = roles.filter((other) => other !== role)
  const message = `Missing application roles. API required roles: ${role}, application roles: ${others.join(',')}.`
  return failure(403, 'Forbidden', message, target)
}

/** The body's code is the status as text, as in microsoft-365-docs issue 4616, not the documented `TooManyRequests`. */
function refuseOverQuota({ route, subject, now, target }: ApiCall, faults: FaultPlan, quota: Quota | undefined): Answer | undefined {
  const storm = faults.strike('throttled', route, subject, now)
  if (storm) {
    const headers = storm.retryAfterSeconds === undefined ? {} : { 'retry-after': String(storm.retryAfterSeconds) }
    return failure(429, '429', 'API calls quota exceeded! maximum allowed 50 per 00:01:00', target, headers)
  }
  const admission = quota?.admit(now) ?? { admitted: true }
  if (admission.admitted) return undefined
  return failure(429, '429', admission.message, target, { 'retry-after': String(admission.retryAfterSeconds) })
}

/** A call of the API, or for a file. */
interface AnyCall {
  route: Route
  subject: string
  now: number
  target: string
}

/** What a broken gateway or network makes of a call that was let in; undefined if it reaches the service. */
export function breakOnTheWay({ route, subject, now, target }: AnyCall, faults: FaultPlan): Answer | undefined {
  if (faults.strike('hang', route, subject, now)) return { kind: 'hang' }
  if (faults.strike('reset', route, subject, now)) return { kind: 'reset' }
  if (faults.strike('html502', route, subject, now)) return html(502, 'Bad Gateway')
  if (faults.strike('error500', route, subject, now)) return failure(500, 'InternalServerError', '', target)
  return undefined
}

/** What can still go wrong with a complete answer on its way back. */
export function spoilOnTheWayBack({ route, subject, now }: AnyCall, answer: Answer, faults: FaultPlan): Answer {
  if (answer.kind !== 'complete' && answer.kind !== 'stream') return answer
  const slow = faults.strike('slow', route, subject, now)
  const isCut = answer.kind === 'complete' && faults.strike('truncatedBody', route, subject, now)
  const spoilt = isCut ? { ...answer, kind: 'truncated' as const } : answer
  return slow ? { ...spoilt, delayMilliseconds: slow.milliseconds } : spoilt
}
