import { failure, json, type Answer } from './answer.ts'
import type { FaultName, FaultPlan } from './faults.ts'
import { existsAt, type Fleet } from './fleet.ts'
import type { ApiCall } from './gate.ts'
import { parseListQuery, queryText, type ListQuery } from './list-query.ts'
import type { Character } from './machine-character.ts'
import { dnsNameOf } from './machine-wire.ts'
import { MACHINES } from './odata-filter.ts'

const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Machines'

export interface Origins {
  /** The simulator's own, for next links. */
  own: string
  /** Another, to which no token may go. */
  foreign: string
  /** That of the files of exports, to which none may go either. */
  files: string
}

/** `GET /api/machines/{id}`; the id may be the DNS name: https://learn.microsoft.com/defender-endpoint/api/get-machine-by-id */
export function answerMachine(call: ApiCall, fleet: Fleet): Answer {
  const machine = fleet.find(call.subject) ?? newestNamed(call, fleet)
  if (!machine || !existsAt(machine, call.now))
    return failure(404, 'ResourceNotFound', `Machine ${call.subject} was not found`, call.target)
  return json(200, { '@odata.context': `${CONTEXT}/$entity`, ...fleet.onTheWire(machine, call.now) })
}

function newestNamed({ subject, now }: ApiCall, fleet: Fleet): Character | undefined {
  return fleet.existing(now).findLast((machine) => dnsNameOf(machine) === subject)
}

interface ListSetting {
  fleet: Fleet
  faults: FaultPlan
  origins: Origins
  pageSize: number
}

/** The list route, with what it must remember: which machines the listing that is under way leaves out (`listFlap`). */
export class MachineList {
  readonly #setting: ListSetting
  #leftOut: ReadonlySet<Character> = new Set()

  constructor(setting: ListSetting) {
    this.#setting = setting
  }

  /**
   * `GET /api/machines`: https://learn.microsoft.com/defender-endpoint/api/get-machines. Without `$top` there are pages with a next link
   * that carries `$skip`; with `$top` there is none, and the caller goes on by `$skip`. No machines at all is 404, as documented.
   */
  answer(call: ApiCall): Answer {
    const { faults, origins, pageSize } = this.#setting
    const query = parseListQuery(call.query, MACHINES)
    if (typeof query === 'string') return failure(400, 'ODataError', query, call.target)
    const strikes = (fault: FaultName) => faults.strike(fault, call.route, call.subject, call.now) !== undefined
    if (strikes('list500')) return failure(500, 'InternalServerError', '', call.target)
    const listed = this.#listed(query, call)
    if (listed.length === 0 || (query.skip === 0 && strikes('listNotFound'))) {
      return failure(404, 'NotFound', 'No recent machines were found', call.target)
    }
    const { skip, top } = query
    const limit = Math.min(top ?? pageSize, pageSize)
    const start = strikes('listRepeatedRows') ? Math.max(0, skip - 2) : skip
    const value = listed.slice(start, start + limit).map((machine) => this.#setting.fleet.onTheWire(machine, call.now))
    const nextSkip = top === undefined && start + limit < listed.length ? skip + limit : undefined
    const nextLink = nextLinkOf(call, query, nextSkip, origins, strikes)
    return json(200, { '@odata.context': CONTEXT, value, ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }) })
  }

  #listed({ skip, matches }: ListQuery, { route, now }: ApiCall): Character[] {
    const { fleet, faults } = this.#setting
    const existing = fleet.existing(now)
    // Drawn at the first page for all that follow: pages stay full, as they do when the machine is missing in Defender's own list.
    if (skip === 0) this.#leftOut = new Set(existing.filter(({ machineId }) => faults.strike('listFlap', route, machineId, now)))
    const listed = existing.filter((machine) => !this.#leftOut.has(machine))
    return matches ? listed.filter((machine) => matches(fleet.onTheWire(machine, now))) : listed
  }
}

type Strikes = (fault: FaultName) => boolean

function nextLinkOf(call: ApiCall, query: ListQuery, nextSkip: number | undefined, origins: Origins, strikes: Strikes): string | undefined {
  if (strikes('listPageLoop')) return origins.own + call.pathname + queryText(query, query.skip)
  if (strikes('listForeignNextLink')) return origins.foreign + call.pathname + queryText(query, nextSkip ?? 0)
  return nextSkip === undefined ? undefined : origins.own + call.pathname + queryText(query, nextSkip)
}
