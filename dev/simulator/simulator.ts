import { createHash } from 'node:crypto'
import { json, type Answer } from './answer.ts'
import { answerControl, isControlPath } from './control-routes.ts'
import { DefenderApi } from './defender-api.ts'
import { FaultPlan, type Faults } from './faults.ts'
import { Fleet, type MachineAt } from './fleet.ts'
import { answerIdentity, IDENTITY_PATH, Tokens } from './identity.ts'
import { MAX_PAGE } from './machine-routes.ts'
import type { MachineWire } from './machine-wire.ts'
import type { ApiClass, QuotaLimits } from './quota.ts'
import { RequestLog } from './request-log.ts'
import { serve } from './server.ts'
import { storyOf, type Fact } from './story.ts'
import { WORLD } from './world.ts'

export interface SimulatorOptions {
  seed: number
  /** How many machine ids there ever are. Some join later or leave, so at any time fewer exist. */
  machines: number
  /** Epoch ms of the simulated world. Tests move it; the world is a function of it. */
  now: () => number
  /** Lets `POST /simulator/now` move the clock. */
  setNow?: (now: number) => void
  /** When lives begin to take their turns; before it the fleet exists, and nothing but patching happens. */
  start?: Date
  /** Share of the machines that are upgraded to another Windows, of those for which there is one; 0 unless told. */
  upgrades?: number
  tenantId?: string
  /** Classes left out have Defender's quota. */
  quota?: Partial<Record<ApiClass, QuotaLimits>> | 'none'
  /** Real milliseconds before every answer of the API. */
  latencyMs?: number
  faults?: Partial<Faults>
  /** Machines a page, at most 10,000 as in Defender. */
  pageSize?: number
  /** 0, the default, takes a free one. */
  port?: number
}

interface ForeignRequest {
  path: string
  hasToken: boolean
}

export interface Simulator {
  /** `http://127.0.0.1:port`; the API is below `/api`. */
  url: string
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
  const { seed, machines, now, start = WORLD.defaultStart, upgrades = 0, tenantId = TENANT_ID } = options
  const fleet = new Fleet({ seed, machines, start, upgrades })
  const tokens = new Tokens(seed, tenantId)
  const faults = new FaultPlan(seed, options.faults)
  const log = new RequestLog()
  const secret = createHash('sha256').update(`identity header ${seed}`).digest('hex')
  const foreign = await startForeignOrigin()
  const origins = { own: '', foreign: foreign.url }
  const { quota = {}, pageSize = MAX_PAGE } = options
  const api = new DefenderApi({ seed, fleet, tokens, faults, log, now, origins, quota, pageSize: Math.min(pageSize, MAX_PAGE) })

  const counts = () => ({ quotaViolations: api.quotaViolations, tokensIssued: tokens.issued, foreignRequests: foreign.requests })

  const server = await serve(options.port ?? 0, (request) => {
    if (isControlPath(request.url.pathname)) return answerControl(request, { fleet, faults, log, now, setNow: options.setNow, counts })
    if (request.url.pathname === IDENTITY_PATH) return answerIdentity(request, tokens, log, secret, now())
    return delayed(api.answer(request), options.latencyMs ?? 0)
  })
  origins.own = server.url

  return {
    url: server.url,
    tenantId,
    environment: { IDENTITY_ENDPOINT: server.url + IDENTITY_PATH, IDENTITY_HEADER: secret },
    truth: (at) => fleet.truth(at),
    listed: (at) => fleet.listed(at),
    machine: (machineId, at) => fleet.machineAt(machineId, at),
    story: (machineId) => storyOf(fleet.find(machineId)),
    setFaults: (changed) => faults.change(changed),
    requests: log,
    foreignRequests: foreign.requests,
    get quotaViolations() {
      return api.quotaViolations
    },
    get tokensIssued() {
      return tokens.issued
    },
    close: async () => {
      await Promise.all([server.close(), foreign.close()])
    },
  }
}

/** An origin that is not Defender's, to which a next link may point; it remembers who came, and whether with a token. */
async function startForeignOrigin() {
  const requests: ForeignRequest[] = []
  const server = await serve(0, ({ url, headers }) => {
    requests.push({ path: url.pathname + url.search, hasToken: headers.authorization !== undefined })
    return json(200, { value: [] })
  })
  return { ...server, requests }
}

function delayed(answer: Answer, latencyMs: number): Answer {
  if (latencyMs === 0 || answer.kind === 'hang' || answer.kind === 'reset') return answer
  return { ...answer, delayMilliseconds: (answer.delayMilliseconds ?? 0) + latencyMs }
}
