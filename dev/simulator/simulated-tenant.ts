import type { Answer } from './answer.ts'
import type { Consent } from './consent.ts'
import { DefenderApi } from './defender-api.ts'
import type { Addresses } from './export/addresses.ts'
import type { Disagreements, PlantedDisagreement } from './export/disagreements.ts'
import type { FilesOwner } from './export/file-route.ts'
import type { Exported, ExportFile, VulnerabilityExports } from './export/vulnerability-exports.ts'
import { FaultPlan, type Faults } from './faults.ts'
import type { MachineAt } from './fleet.ts'
import { MAX_PAGE } from './list-query.ts'
import type { Origins } from './machine-routes.ts'
import type { MachineWire } from './machine-wire.ts'
import type { ApiClass, QuotaLimits } from './quota.ts'
import { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import type { PlantedCount } from './software-routes.ts'
import { storyOf, type Fact } from './story.ts'
import { makeWorld, type TenantWorld, type WorldOptions } from './tenant-world.ts'
import { Tokens } from './tokens.ts'
import type { UpdateLines } from './update-lines.ts'

/** What a tenant may have that others have not. */
export interface TenantOptions extends WorldOptions {
  /** What its tokens have; all that the simulator knows unless told. */
  roles?: readonly string[]
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
  /** The addresses of files of exports. */
  addresses: Addresses<FilesOwner>
  /** Where tenants share what Defender knows of updates; worked out from the seed unless told. */
  lines?: UpdateLines
  consent?: Consent
  log?: RequestLog
}

/** Where the export, and the counts by software, differ from what `getmissingkbs` of machines says, because it was planted. */
export interface PlantedLedger {
  machines: readonly PlantedDisagreement[]
  counts: readonly PlantedCount[]
}

/** One tenant: its machines, its tokens, its quota, its faults, and who asked it. The machines are made when they are first asked for. */
export class SimulatedTenant {
  readonly tenantId: string
  readonly tokens: Tokens
  readonly requests: RequestLog
  readonly faults: FaultPlan
  readonly #setting: TenantSetting
  #world: TenantWorld | undefined
  #api: DefenderApi | undefined
  #consent: Consent

  constructor(setting: TenantSetting) {
    const { tenantId, seed, faults, roles, consent = 'granted', log = new RequestLog() } = setting
    this.#setting = setting
    this.tenantId = tenantId
    this.requests = log
    this.tokens = new Tokens(seed, tenantId, roles)
    this.faults = new FaultPlan(seed, faults)
    this.#consent = consent
  }

  /** What the API answers, late by the tenant's latency. */
  answer(request: Received): Answer {
    return delayed(this.#open.answer(request), this.#setting.latencyMs ?? 0)
  }

  /** What `getmissingkbs` lists at that time (epoch ms), for each machine that it answers for; without faults. */
  truth(at: number): Map<string, Set<string>> {
    return this.#made.fleet.truth(at)
  }

  /** What the machine list shows at that time, whole and without faults. */
  listed(at: number): MachineWire[] {
    return this.#made.fleet.listed(at)
  }

  /** Undefined for an id that never exists. */
  machine(machineId: string, at: number): MachineAt | undefined {
    return this.#made.fleet.machineAt(machineId, at)
  }

  story(machineId: string): Fact[] {
    return storyOf(this.#made.fleet.find(machineId))
  }

  /** Sets the given faults, leaves the others, `false` ends one; begins to count attempts anew. */
  setFaults(faults: Partial<Faults>): void {
    this.faults.change(faults)
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

  /** Its exports of vulnerabilities. */
  get exports(): VulnerabilityExports {
    return this.#made.exports
  }

  /** What the latest export at that time holds; without faults, and with what is planted. */
  exported(at: number): Exported {
    return this.exports.exported(at)
  }

  /** Sets the given disagreements, leaves the others, `false` ends one. */
  plant(disagreements: Disagreements): void {
    this.#made.planted.change(disagreements)
  }

  /** All that is planted in the latest export at that time, and in what is said of machines and software then. */
  planted(at: number): PlantedLedger {
    const { planted, fleet, exports } = this.#made
    return { machines: planted.ledger(exports.latest(at), fleet), counts: this.#open.plantedCounts(at) }
  }

  get #made(): TenantWorld {
    this.#world ??= makeWorld(this.#setting)
    return this.#world
  }

  get #open(): DefenderApi {
    this.#api ??= this.#openApi()
    return this.#api
  }

  #openApi(): DefenderApi {
    const { seed, now, origins, addresses, quota = {}, pageSize = MAX_PAGE } = this.#setting
    const shared = { tokens: this.tokens, faults: this.faults, log: this.requests, world: this.#made }
    const publish = (file: ExportFile, from: number, hours: number) => addresses.publish(origins.files, { owner: this, file }, from, hours)
    return new DefenderApi({ seed, now, origins, quota, ...shared, publish, pageSize: Math.min(pageSize, MAX_PAGE) })
  }
}

function delayed(answer: Answer, latencyMs: number): Answer {
  if (latencyMs === 0 || answer.kind === 'hang' || answer.kind === 'reset') return answer
  return { ...answer, delayMilliseconds: (answer.delayMilliseconds ?? 0) + latencyMs }
}
