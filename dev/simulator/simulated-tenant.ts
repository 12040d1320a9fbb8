import type { Answer } from './answer.ts'
import type { Consent } from './consent.ts'
import { DefenderApi } from './defender-api.ts'
import { FaultPlan, type Faults } from './faults.ts'
import { Fleet, type MachineAt } from './fleet.ts'
import { MAX_PAGE, type Origins } from './machine-routes.ts'
import type { MachineWire } from './machine-wire.ts'
import type { ApiClass, QuotaLimits } from './quota.ts'
import { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import { storyOf, type Fact } from './story.ts'
import { Tokens } from './tokens.ts'
import type { UpdateLines } from './update-lines.ts'

/** What a tenant may have that others have not. */
export interface TenantOptions {
  /** How many machine ids there ever are. Some join later or leave, so at any time fewer exist. */
  machines: number
  /** Share of the machines that are upgraded to another Windows, of those for which there is one; 0 unless told. */
  upgrades?: number
  /** Classes left out have Defender's quota. */
  quota?: Partial<Record<ApiClass, QuotaLimits>> | 'none'
  /** Real milliseconds before every answer of the API. */
  latencyMs?: number
  faults?: Partial<Faults>
  /** Machines a page, at most 10,000 as in Defender. */
  pageSize?: number
}

export interface TenantSetting extends TenantOptions {
  tenantId: string
  seed: number
  start: Date
  now: () => number
  origins: Origins
  /** Where tenants share what Defender knows of updates; worked out from the seed unless told. */
  lines?: UpdateLines
  consent?: Consent
  log?: RequestLog
}

/** One tenant: its machines, its tokens, its quota, its faults, and who asked it. The machines are made when they are first asked for. */
export class SimulatedTenant {
  readonly tenantId: string
  readonly tokens: Tokens
  readonly requests: RequestLog
  readonly #faults: FaultPlan
  readonly #setting: TenantSetting
  #fleet: Fleet | undefined
  #api: DefenderApi | undefined
  #consent: Consent

  constructor(setting: TenantSetting) {
    const { tenantId, seed, faults, consent = 'granted', log = new RequestLog() } = setting
    this.#setting = setting
    this.tenantId = tenantId
    this.requests = log
    this.tokens = new Tokens(seed, tenantId)
    this.#faults = new FaultPlan(seed, faults)
    this.#consent = consent
  }

  /** What the API answers, late by the tenant's latency. */
  answer(request: Received): Answer {
    this.#api ??= this.#openApi()
    return delayed(this.#api.answer(request), this.#setting.latencyMs ?? 0)
  }

  /** What `getmissingkbs` lists at that time (epoch ms), for each machine that it answers for; without faults. */
  truth(at: number): Map<string, Set<string>> {
    return this.#machines.truth(at)
  }

  /** What the machine list shows at that time, whole and without faults. */
  listed(at: number): MachineWire[] {
    return this.#machines.listed(at)
  }

  /** Undefined for an id that never exists. */
  machine(machineId: string, at: number): MachineAt | undefined {
    return this.#machines.machineAt(machineId, at)
  }

  story(machineId: string): Fact[] {
    return storyOf(this.#machines.find(machineId))
  }

  /** Sets the given faults, leaves the others, `false` ends one; begins to count attempts anew. */
  setFaults(faults: Partial<Faults>): void {
    this.#faults.change(faults)
  }

  get consent(): Consent {
    return this.#consent
  }

  /** For tokens from now on: one that is out stays good, with the roles that it has. */
  setConsent(consent: Consent): void {
    this.#consent = consent
  }

  /** 429s served. */
  get quotaViolations(): number {
    return this.#api?.quotaViolations ?? 0
  }

  get tokensIssued(): number {
    return this.tokens.issued
  }

  get #machines(): Fleet {
    this.#fleet ??= new Fleet(this.#setting)
    return this.#fleet
  }

  #openApi(): DefenderApi {
    const { seed, now, origins, quota = {}, pageSize = MAX_PAGE } = this.#setting
    const shared = { tokens: this.tokens, faults: this.#faults, log: this.requests }
    return new DefenderApi({ seed, now, origins, quota, ...shared, fleet: this.#machines, pageSize: Math.min(pageSize, MAX_PAGE) })
  }
}

function delayed(answer: Answer, latencyMs: number): Answer {
  if (latencyMs === 0 || answer.kind === 'hang' || answer.kind === 'reset') return answer
  return { ...answer, delayMilliseconds: (answer.delayMilliseconds ?? 0) + latencyMs }
}
