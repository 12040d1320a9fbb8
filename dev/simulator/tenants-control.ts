import { z } from 'zod'
import { json, type Answer } from './answer.ts'
import { identityState, type AppIdentity } from './app-identity.ts'
import { consent } from './consent.ts'
import { asked, askTenant, noControlRoute, refusingNonsense, steerClock, type ControlledClock } from './control-routes.ts'
import type { Received } from './server.ts'
import type { SimulatedTenant } from './simulated-tenant.ts'

interface Controlled extends ControlledClock {
  tenantOf: (tenantId: string) => SimulatedTenant | undefined
  identity: AppIdentity
}

/**
 * What many tenants in a process of their own are steered and asked by; loopback only, no key: `GET|POST /simulator/now`,
 * `POST /simulator/identity` (`{ "state": … }`), `POST /simulator/tenants/{tenantId}/consent`  (`?consent=` or a body), and below
 * `/simulator/tenants/{tenantId}/` all that a simulator of one tenant has below `/simulator/`.
 */
export async function answerTenantsControl(request: Received, { tenantOf, identity, ...clock }: Controlled): Promise<Answer> {
  const { method, text, url } = request
  const [, , subject, tenantId = '', ...path] = url.pathname.split('/')
  return refusingNonsense(async () => {
    if (subject === 'now') return steerClock(request, clock)
    if (`${method} ${subject}` === 'POST identity') {
      identity.state = z.object({ state: identityState }).parse(JSON.parse(await text())).state
      return json(200, {})
    }
    const tenant = subject === 'tenants' ? tenantOf(tenantId) : undefined
    if (!tenant) return noControlRoute()
    if (`${method} ${path[0]}` !== 'POST consent') return askTenant(request, path, tenant, clock, () => ({}))
    tenant.setConsent(z.object({ consent }).parse(asked(url, 'consent') ?? JSON.parse(await text())).consent)
    return json(200, {})
  })
}
