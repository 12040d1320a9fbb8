import { failure, statusOf, type Answer } from './answer.ts'
import { drawGuid } from './draw.ts'
import type { FaultPlan } from './faults.ts'
import type { Fleet } from './fleet.ts'
import { breakOnTheWay, refuse, spoilOnTheWayBack, type ApiCall, type ApiTarget } from './gate.ts'
import { answerMachine, MachineList, type Origins } from './machine-routes.ts'
import { answerMissingKbs } from './missing-kbs-route.ts'
import { DEFENDER_QUOTA, Quota, type ApiClass, type QuotaLimits } from './quota.ts'
import type { RequestLog } from './request-log.ts'
import type { Received } from './server.ts'
import type { Tokens } from './tokens.ts'

interface DefenderSetting {
  seed: number
  fleet: Fleet
  tokens: Tokens
  faults: FaultPlan
  log: RequestLog
  now: () => number
  origins: Origins
  quota: Partial<Record<ApiClass, QuotaLimits>> | 'none'
  pageSize: number
}

/** The API itself: token, role, quota, network, service, in the order in which a real call meets them. */
export class DefenderApi {
  readonly #setting: DefenderSetting
  readonly #quotas: Record<ApiClass, Quota> | undefined
  readonly #machineList: MachineList
  #calls = 0
  quotaViolations = 0

  constructor(setting: DefenderSetting) {
    this.#setting = setting
    this.#machineList = new MachineList(setting)
    const { quota } = setting
    if (quota !== 'none') {
      const limits = { ...DEFENDER_QUOTA, ...quota }
      this.#quotas = { machines: new Quota(limits.machines), missingKbs: new Quota(limits.missingKbs) }
    }
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
    const answer = this.#serve({ ...found, query: url.searchParams, pathname: url.pathname, authorization, now: at, target })
    const status = statusOf(answer)
    if (status === 429) this.quotaViolations++
    log.add({ at, method, path, route: found.route, status, ...(found.route === 'machineList' ? {} : { machineId: found.subject }) })
    return answer
  }

  #serve(call: ApiCall): Answer {
    const { tokens, faults } = this.#setting
    const refusal = refuse(call, tokens, faults, this.#quotas) ?? breakOnTheWay(call, faults)
    return refusal ?? spoilOnTheWayBack(call, this.#answerWhole(call), faults)
  }

  #answerWhole(call: ApiCall): Answer {
    const { fleet, faults, origins } = this.#setting
    switch (call.route) {
      case 'machineList':
        return this.#machineList.answer(call)
      case 'machine':
        return answerMachine(call, fleet)
      case 'missingKbs':
        return answerMissingKbs(call, fleet, faults, origins.foreign)
    }
  }
}

/** `/api/machines`, `/api/machines/{id}`, `/api/machines/{id}/getmissingkbs`; the version may be pinned: `/api/v1.0/machines`. */
function matchApiRoute(pathname: string): ApiTarget | undefined {
  const match = /^\/api(?:\/v1\.0)?\/machines(?:\/([^/]+)(\/getmissingkbs)?)?$/i.exec(pathname)
  if (!match) return undefined
  const [, subject, missingKbs] = match
  if (subject === undefined) return { route: 'machineList', apiClass: 'machines', subject: 'list' }
  if (missingKbs === undefined) return { route: 'machine', apiClass: 'machines', subject: decode(subject) }
  return { route: 'missingKbs', apiClass: 'missingKbs', subject: decode(subject) }
}

/** Lower case, as ids and DNS names are compared; what cannot be decoded stays as it is, and is nobody's name. */
function decode(subject: string): string {
  try {
    return decodeURIComponent(subject).toLowerCase()
  } catch {
    return subject
  }
}
