import { html, json, statusOf, type Answer } from './answer.ts'
import type { AppIdentity } from './app-identity.ts'
import type { Assertions } from './assertions.ts'
import { refusalOf } from './consent.ts'
import { drawGuid } from './draw.ts'
import { refuseAsEntra, type EntraErrorName, type RefusedRequest } from './entra-errors.ts'
import { seconds } from './json-web-token.ts'
import type { Received } from './server.ts'
import type { SimulatedTenant } from './simulated-tenant.ts'
import { isDefender } from './tokens.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

interface AuthoritySetting {
  seed: number
  clientId: string
  assertions: Assertions
  identity: AppIdentity
  /** Undefined for one that nobody knows. */
  tenantOf: (tenantId: string) => SimulatedTenant | undefined
  now: () => number
}

/**
 * Microsoft Entra for an app that has one registration, and an assertion of its managed identity, for many tenants: the grant of client
 * credentials. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export class Authority {
  readonly #setting: AuthoritySetting
  /** Where it is served. */
  url = ''
  #refusals = 0

  constructor(setting: AuthoritySetting) {
    this.#setting = setting
  }

  async answer(request: Received): Promise<Answer> {
    const { method, url } = request
    const [, tenantId = '', ...path] = url.pathname.split('/')
    const tenant = this.#setting.tenantOf(tenantId)
    const answer = await this.#answerAbout(tenantId, `${method} ${path.join('/')}`, tenant, request)
    const { now } = this.#setting
    tenant?.requests.add({ at: now(), method, path: url.pathname, route: 'authority', status: statusOf(answer) })
    return answer
  }

  async #answerAbout(tenantId: string, asked: string, tenant: SimulatedTenant | undefined, { text }: Received): Promise<Answer> {
    if (this.#setting.identity.state === 'authorityDown') return html(503, 'Service Unavailable')
    switch (asked) {
      // Whatever the tenant: for the public authorities the libraries know this by heart and do not ask, so that they, too, first meet
      // a tenant that there is not when they ask for its token.
      case 'GET v2.0/.well-known/openid-configuration':
        return json(200, this.#discovery(tenantId), JSON_TYPE)
      case 'POST oauth2/v2.0/token':
        return this.#grant(tenantId, tenant, new URLSearchParams(await text()))
      default:
        return html(404, 'Not Found')
    }
  }

  #discovery(tenantId: string) {
    const own = `${this.url}/${tenantId}`
    return {
      token_endpoint: `${own}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${own}/discovery/v2.0/keys`,
      issuer: `${own}/v2.0`,
      authorization_endpoint: `${own}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${own}/oauth2/v2.0/logout`,
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  #grant(tenantId: string, tenant: SimulatedTenant | undefined, form: URLSearchParams): Answer {
    const { clientId, now, seed, assertions } = this.#setting
    const resource = (form.get('scope') ?? '').split(' ')[0]?.replace(/\/\.default$/, '') ?? ''
    const refused: RefusedRequest = { tenantId, clientId: form.get('client_id') ?? clientId, resource, subject: assertions.subject }
    const error = this.#refusal(tenant, form, resource)
    if (error !== undefined || !tenant) {
      const traceId = drawGuid(seed, 'trace', this.#refusals++)
      const correlationId = form.get('client-request-id') ?? drawGuid(seed, 'correlation', this.#refusals)
      return refuseAsEntra(error ?? 'unknownTenant', refused, { at: now(), traceId, correlationId })
    }
    const token = tenant.tokens.issue(resource, now(), tenant.consent === 'missingRole' ? [] : undefined)
    // Libraries add this to the wall clock's time; what they say is then the simulated time at which the token ends.
    const lifetime = seconds((token?.expiresAt ?? 0) - Date.now())
    const answer = { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: token?.accessToken }
    return json(200, answer, JSON_TYPE)
  }

  /** In the order in which a request meets it: the tenant, the app, its credential, what it wants, whether it may. */
  #refusal(tenant: SimulatedTenant | undefined, form: URLSearchParams, resource: string): EntraErrorName | undefined {
    const { clientId, identity } = this.#setting
    const consented = tenant ? refusalOf(tenant.consent) : 'unknownTenant'
    if (consented === 'unknownTenant' || consented === 'temporarilyUnavailable') return consented
    if (form.get('grant_type') !== 'client_credentials') return 'wrongGrant'
    if (form.get('client_id') !== clientId) return 'notOnboarded'
    if (identity.state === 'noMatchingCredential' || identity.state === 'wrongAssertion') return identity.state
    const wrong = this.#wrongAssertion(form)
    if (wrong) return wrong
    if (!/^\S+\/\.default( |$)/.test(form.get('scope') ?? '')) return 'wrongScope'
    return consented ?? (isDefender(resource) ? undefined : 'noDefender')
  }

  #wrongAssertion(form: URLSearchParams): EntraErrorName | undefined {
    const assertion = form.get('client_assertion')
    if (assertion === null || form.get('client_assertion_type') !== ASSERTION_TYPE) return 'noAssertion'
    const checked = this.#setting.assertions.check(assertion)
    return checked === 'good' ? undefined : checked === 'expired' ? 'expiredAssertion' : 'wrongAssertion'
  }
}
