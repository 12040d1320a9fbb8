import { z } from 'zod'
import type { BodyAnswer } from './answer.ts'
import type { Assertions } from './assertions.ts'
import { answerIdentity, identitySecretOf, refuseIdentity } from './identity.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'

/**
 * How it stands with the identity of the app itself, for all tenants at once: the federated credential is not there, the assertion is
 * not believed, the managed identity's endpoint answers 500, or the authority 503.
 */
export const identityState = z.enum(['ok', 'noMatchingCredential', 'wrongAssertion', 'unavailable', 'authorityDown'])

export type IdentityState = z.output<typeof identityState>

interface AppIdentitySetting {
  seed: number
  /** Of the app's registration. */
  clientId: string
  assertions: Assertions
  log: RequestLog
  now: () => number
}

/** The managed identity that speaks for the app, whose state somebody may change. */
export class AppIdentity {
  readonly #setting: AppIdentitySetting
  /** What `X-IDENTITY-HEADER` must be. */
  readonly secret: string
  state: IdentityState = 'ok'

  constructor(setting: AppIdentitySetting) {
    this.#setting = setting
    this.secret = identitySecretOf(setting.seed)
  }

  /** The endpoint of App Service. It has assertions only: the tokens of tenants are the authority's. */
  answer(request: Received): BodyAnswer {
    const { clientId, assertions, log, now } = this.#setting
    const refusal =
      this.state === 'unavailable'
        ? refuseIdentity(500, 'An unexpected error occurred while fetching the token.')
        : request.url.searchParams.get('client_id') === clientId
          ? // A registration is no identity: who asks so has mixed up the two client ids.
            refuseIdentity(400, 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.')
          : undefined
    if (!refusal) return answerIdentity(request, assertions, log, this.secret, now())
    const { method, url } = request
    log.add({ at: now(), method, path: url.pathname + url.search, route: 'identity', status: refusal.status })
    return refusal
  }
}
