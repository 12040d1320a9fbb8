import { failure, statusOf, type Answer } from './answer.ts'
import { matchApiRoute } from './api-routes.ts'
import { drawGuid } from './draw.ts'
import { ExportRoute } from './export/export-route.ts'
import type { ExportFile } from './export/vulnerability-exports.ts'
import type { FaultPlan } from './faults.ts'
import { breakOnTheWay, refuse, spoilOnTheWayBack, type ApiCall } from './gate.ts'
import { answerMachine, MachineList, type Origins } from './machine-routes.ts'
import { answerMissingKbs } from './missing-kbs-route.ts'
import { quotasOf, type ApiClass, type Quota, type QuotaLimits } from './quota.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import { type PlantedCount, SoftwareRoutes } from './software-routes.ts'
import type { TenantWorld } from './tenant-world.ts'
import type { Tokens } from './tokens.ts'

interface DefenderSetting {
  seed: number
  world: TenantWorld
  tokens: Tokens
  faults: FaultPlan
  log: RequestLog
  now: () => number
  origins: Origins
  quota: Partial<Record<ApiClass, QuotaLimits>> | 'none'
  pageSize: number
  publish: (file: ExportFile, from: number, hours: number) => string
}

/** The API itself: token, role, quota, network, service, in the order in which a real call meets them. */
export class DefenderApi {
  readonly #setting: DefenderSetting
  readonly #quotas: Record<ApiClass, Quota> | undefined
  readonly #machineList: MachineList
  readonly #software: SoftwareRoutes
  readonly #export: ExportRoute
  #calls = 0
  quotaViolations = 0

  constructor(setting: DefenderSetting) {
    this.#setting = setting
    const { quota, world } = setting
    this.#machineList = new MachineList({ ...setting, ...world })
    this.#software = new SoftwareRoutes({ ...setting, ...world })
    this.#export = new ExportRoute({ ...setting, ...world })
    if (quota !== 'none') this.#quotas = quotasOf(quota)
  }

  answer({ method, url, headers: { authorization } }: Received): Answer {
    const { seed, now, log } = this.#setting
    const at = now()
    const target = drawGuid(seed, 'tracking id', this.#calls++)
    const found = method === 'GET' ? matchApiRoute(url.pathname) : undefined
    const path = url.pathname + url.search
    if (!found) {
      log.add({ at, method, path, route: 'other', status: 404 })
      return failure(404, 'NotFound', 'The resource was not found', target)
    }
    const { route, subject } = found
    const answer = this.#serve({ ...found, query: url.searchParams, pathname: url.pathname, authorization, now: at, target })
    const status = statusOf(answer)
    if (status === 429) this.quotaViolations++
    const isOfMachine = route === 'machine' || route === 'missingKbs'
    log.add({ at, method, path, route, status, ...(isOfMachine && { machineId: subject }) })
    return answer
  }

  /** The counts that are told wrong at that time. */
  plantedCounts(at: number): PlantedCount[] {
    return this.#software.plantedCounts(at)
  }

  #serve(call: ApiCall): Answer {
    const { tokens, faults } = this.#setting
    const refusal = refuse(call, tokens, faults, this.#quotas) ?? breakOnTheWay(call, faults)
    return refusal ?? spoilOnTheWayBack(call, this.#answerWhole(call), faults)
  }

  #answerWhole(call: ApiCall): Answer {
    const { world, faults, origins } = this.#setting
    switch (call.route) {
      case 'machineList':
        return this.#machineList.answer(call)
      case 'machine':
        return answerMachine(call, world.fleet)
      case 'missingKbs':
        return answerMissingKbs(call, world.fleet, faults, origins.foreign)
      case 'software':
        return this.#software.list(call)
      case 'softwareMissingKbs':
        return this.#software.missingKbs(call)
      case 'export':
        return this.#export.answer(call)
    }
  }
}
