import { answerControl, isControlPath } from './control-routes.ts'
import type { Disagreements } from './export/disagreements.ts'
import { startFileOrigin } from './export/file-origin.ts'
import type { Exported } from './export/vulnerability-exports.ts'
import type { Faults } from './faults.ts'
import type { MachineAt } from './fleet.ts'
import { startForeignOrigin, type ForeignRequest } from './foreign-origin.ts'
import { answerIdentity, IDENTITY_PATH, identitySecretOf } from './identity.ts'
import type { MachineWire } from './machine-wire.ts'
import { RequestLog } from './request-log.ts'
import { serve } from './server.ts'
import { SimulatedTenant, type PlantedLedger, type TenantOptions } from './simulated-tenant.ts'
import type { Fact } from './story.ts'
import { WORLD } from './world.ts'

export interface SimulatorOptions extends TenantOptions {
  seed: number
  /** Epoch ms of the simulated world. Tests move it; the world is a function of it. */
  now: () => number
  /** Lets `POST /simulator/now` move the clock. */
  setNow?: (now: number) => void
  /** When lives begin to take their turns; before it the fleet exists, and nothing but patching happens. */
  start?: Date
  tenantId?: string
  /** 0, the default, takes a free one. */
  port?: number
}

export interface Simulator {
  /** `http://127.0.0.1:port`; the API is below `/api`. */
  url: string
  /** Another origin, of the files of exports. */
  filesUrl: string
  tenantId: string
  /** For the managed identity of @azure/identity. */
  environment: { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string }
  /** What `getmissingkbs` lists at that time (epoch ms), for each machine that it answers for; without faults. */
  truth: (at: number) => Map<string, Set<string>>
  /** What the machine list shows at that time, whole and without faults. */
  listed: (at: number) => MachineWire[]
  /** Undefined for an id that never exists. */
  machine: (machineId: string, at: number) => MachineAt | undefined
  story: (machineId: string) => Fact[]
  /** What the latest export at that time holds; without faults, and with what is planted. */
  exported: (at: number) => Exported
  /** Sets the given disagreements between the export and `getmissingkbs`, leaves the others, `false` ends one. */
  plant: (disagreements: Disagreements) => void
  /** All that is planted in the latest export at that time, and in what is said of machines and software then. */
  planted: (at: number) => PlantedLedger
  /** Sets the given faults, leaves the others, `false` ends one; begins to count attempts anew. */
  setFaults: (faults: Partial<Faults>) => void
  requests: RequestLog
  /** Requests to the origin that foreign next links name; nobody should ever send one. */
  foreignRequests: readonly ForeignRequest[]
  /** 429s served. */
  readonly quotaViolations: number
  readonly tokensIssued: number
  close: () => Promise<void>
}

/** The tenant, unless another is wanted. */
export const TENANT_ID = '11111111-2222-4333-8444-555555555555'

/** Starts a Defender for Endpoint on a loopback port: managed identity, machines, missing KBs; see world.ts for what it assumes. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { seed, now, start = WORLD.defaultStart, tenantId = TENANT_ID } = options
  const requests = new RequestLog()
  const [foreign, files] = await Promise.all([startForeignOrigin(), startFileOrigin({ seed, now, log: requests })])
  const origins = { own: '', foreign: foreign.url, files: files.url }
  const tenant = new SimulatedTenant({ ...options, start, tenantId, origins, addresses: files.addresses, log: requests })
  const secret = identitySecretOf(seed)
  const counts = () => ({ foreignRequests: foreign.requests })
  const server = await serve(options.port ?? 0, (request) => {
    if (isControlPath(request.url.pathname)) return answerControl(request, { tenant, now, setNow: options.setNow, counts })
    if (request.url.pathname === IDENTITY_PATH) return answerIdentity(request, tenant.tokens, requests, secret, now())
    return tenant.answer(request)
  })
  origins.own = server.url

  return {
    url: server.url,
    filesUrl: files.url,
    tenantId,
    environment: { IDENTITY_ENDPOINT: server.url + IDENTITY_PATH, IDENTITY_HEADER: secret },
    truth: (at) => tenant.truth(at),
    listed: (at) => tenant.listed(at),
    machine: (machineId, at) => tenant.machine(machineId, at),
    story: (machineId) => tenant.story(machineId),
    exported: (at) => tenant.exported(at),
    plant: (disagreements) => tenant.plant(disagreements),
    planted: (at) => tenant.planted(at),
    setFaults: (changed) => tenant.setFaults(changed),
    requests,
    foreignRequests: foreign.requests,
    get quotaViolations() {
      return tenant.quotaViolations
    },
    get tokensIssued() {
      return tenant.tokensIssued
    },
    close: async () => {
      await Promise.all([server.close(), files.close(), foreign.close()])
    },
  }
}
