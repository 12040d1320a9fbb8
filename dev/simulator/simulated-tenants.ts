import { AppIdentity, type IdentityState } from './app-identity.ts'
import { Assertions } from './assertions.ts'
import type { Answer } from './answer.ts'
import { Authority } from './authority.ts'
import { readCatalog } from './catalog.ts'
import type { Consent } from './consent.ts'
import { isControlPath } from './control-routes.ts'
import { drawGuid, drawIndex } from './draw.ts'
import { startFileOrigin } from './export/file-origin.ts'
import { startForeignOrigin, type ForeignRequest } from './foreign-origin.ts'
import { unauthorized } from './gate.ts'
import { IDENTITY_PATH } from './identity.ts'
import { KEPT, RequestLog } from './request-log.ts'
import { makeCertificate } from './self-signed-certificate.ts'
import { serve, type Received } from './server.ts'
import { SimulatedTenant, type TenantOptions, type TenantSetting } from './simulated-tenant.ts'
import { answerTenantsControl } from './tenants-control.ts'
import { tenantNamedBy } from './tokens.ts'
import { orderIntoLines } from './update-lines.ts'
import { WORLD } from './world.ts'

export interface SimulatedTenantOptions extends TenantOptions {
  tenantId: string
  consent?: Consent
}

export interface SimulatedTenantsOptions {
  seed: number
  /** Epoch ms of the simulated world, one for all tenants. */
  now: () => number
  /** Lets `POST /simulator/now` move the clock. */
  setNow?: (now: number) => void
  start?: Date
  /** The app's registration, which all tenants know. */
  clientId: string
  tenants: readonly SimulatedTenantOptions[]
  /** Real milliseconds before every answer of the API, for tenants that have none of their own. */
  latencyMs?: number
  /** Of the API; 0, the default, takes a free one. */
  port?: number
}

export interface SimulatedTenants {
  /** `http://127.0.0.1:port`: the API of all; the bearer token tells whose. */
  url: string
  /** `https://127.0.0.1:port`, without a tenant. */
  authorityUrl: string
  /** PEM, for clients to trust. */
  certificate: string
  /** For the managed identity of @azure/identity, which has assertions only. */
  environment: { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string }
  tenantIds: readonly string[]
  /** Throws for one that there is not. */
  tenant: (tenantId: string) => SimulatedTenant
  /** Of the app itself, for all tenants at once. */
  setIdentity: (state: IdentityState) => void
  /** Of the managed identity, and those with a token of no tenant; what a tenant was asked, and for, is in its own. */
  requests: RequestLog
  /** Requests to the origin that foreign next links name; nobody should ever send one. */
  foreignRequests: readonly ForeignRequest[]
  close: () => Promise<void>
}

/** Starts one Defender for Endpoint for many tenants, with the authority that gives the app a token for each. */
export async function startSimulatedTenants(options: SimulatedTenantsOptions): Promise<SimulatedTenants> {
  const { seed, now, setNow, clientId } = options
  const [certificate, foreign] = await Promise.all([makeCertificate(), startForeignOrigin()])
  const requests = new RequestLog()
  const files = await startFileOrigin({ seed, now, log: requests })
  const origins = { own: '', foreign: foreign.url, files: files.url }
  const tenants = new Map(foundTenants(options, { origins, addresses: files.addresses }).map((tenant) => [tenant.tenantId, tenant]))
  const tenantOf = (tenantId: string) => tenants.get(tenantId.toLowerCase())
  const assertions = new Assertions(seed)
  const identity = new AppIdentity({ seed, clientId, assertions, log: requests, now })
  const authority = new Authority({ seed, clientId, assertions, identity, tenantOf, now })
  const server = await serve(options.port ?? 0, (request) => {
    if (isControlPath(request.url.pathname)) return answerTenantsControl(request, { tenantOf, identity, now, setNow })
    if (request.url.pathname === IDENTITY_PATH) return identity.answer(request)
    const tenant = tenantOf(tenantNamedBy(request.headers.authorization) ?? '')
    return tenant ? tenant.answer(request) : refuseNobody(request, requests, seed, now())
  })
  origins.own = server.url
  const authorityServer = await serve(0, (request) => authority.answer(request), certificate)
  authority.url = authorityServer.url

  return {
    url: server.url,
    authorityUrl: authorityServer.url,
    certificate: certificate.certificate,
    environment: { IDENTITY_ENDPOINT: server.url + IDENTITY_PATH, IDENTITY_HEADER: identity.secret },
    tenantIds: [...tenants.keys()],
    tenant: (tenantId) => known(tenantOf(tenantId), tenantId),
    setIdentity: (state) => {
      identity.state = state
    },
    requests,
    foreignRequests: foreign.requests,
    close: async () => {
      await Promise.all([server.close(), authorityServer.close(), files.close(), foreign.close()])
    },
  }
}

function foundTenants(
  { seed, now, start = WORLD.defaultStart, latencyMs = 0, tenants }: SimulatedTenantsOptions,
  shared: Pick<TenantSetting, 'origins' | 'addresses'>,
) {
  // Defender learns of an update at one moment for everybody.
  const lines = orderIntoLines(readCatalog(), seed)
  // All together keep as many as one simulator does, but each enough for a test to look at.
  const kept = Math.max(1_000, Math.floor(KEPT / Math.max(1, tenants.length)))
  return tenants.map((tenant) => {
    const tenantId = tenant.tenantId.toLowerCase()
    const own = { tenantId, seed: drawIndex(2 ** 31, seed, 'tenant', tenantId), log: new RequestLog(kept) }
    return new SimulatedTenant({ latencyMs, ...tenant, ...own, ...shared, now, start, lines })
  })
}

function refuseNobody({ method, url }: Received, log: RequestLog, seed: number, at: number): Answer {
  log.add({ at, method, path: url.pathname + url.search, route: 'other', status: 401 })
  return unauthorized('The token is missing, not valid or expired', drawGuid(seed, 'nobody', log.count()))
}

function known(tenant: SimulatedTenant | undefined, tenantId: string): SimulatedTenant {
  if (!tenant) throw new Error(`no simulated tenant has the id ${tenantId}`)
  return tenant
}
