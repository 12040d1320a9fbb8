import { failure, json, type Answer } from './answer.ts'
import type { FaultName, FaultPlan } from './faults.ts'
import { existsAt, type Fleet } from './fleet.ts'
import type { ApiCall } from './gate.ts'
import type { Character } from './machine-character.ts'
import { dnsNameOf, machineOnTheWire, type MachineWire } from './machine-wire.ts'
import { FilterError, parseFilter } from './odata-filter.ts'

const CONTEXT = 'https://api.securitycenter.microsoft.com/api/$metadata#Machines'
/** `$top`'s maximum, and the page size. https://learn.microsoft.com/defender-endpoint/api/get-machines */
export const MAX_PAGE = 10_000

export interface Origins {
  /** The simulator's own, for next links. */
  own: string
  /** Another, to which no token may go. */
  foreign: string
}

/** `GET /api/machines/{id}`; the id may be the DNS name: https://learn.microsoft.com/defender-endpoint/api/get-machine-by-id */
export function answerMachine(call: ApiCall, fleet: Fleet): Answer {
  const machine = fleet.find(call.subject) ?? newestNamed(call, fleet)
  if (!machine || !existsAt(machine, call.now)) return failure(404, 'ResourceNotFound', `Machine ${call.subject} was not found`, call.target)
  return json(200, { '@odata.context': `${CONTEXT}/$entity`, ...machineOnTheWire(machine, call.now) })
}

function newestNamed({ subject, now }: ApiCall, fleet: Fleet): Character | undefined {
  return fleet.existing(now).findLast((machine) => dnsNameOf(machine) === subject)
}

/**
 * `GET /api/machines`: https://learn.microsoft.com/defender-endpoint/api/get-machines. Without `$top` there are pages with a next link
 * that carries `$skip`; with `$top` there is none, and the caller goes on by `$skip`. No machines at all is 404, as documented.
 */
export function answerMachineList(call: ApiCall, fleet: Fleet, faults: FaultPlan, origins: Origins, pageSize: number): Answer {
  const parsed = parseListQuery(call.query)
  if (typeof parsed === 'string') return failure(400, 'ODataError', parsed, call.target)
  const strikes = (fault: FaultName) => faults.strike(fault, call.route, call.subject, call.now) !== undefined
  if (strikes('list500')) return failure(500, 'InternalServerError', '', call.target)
  const found = matching(parsed, fleet, call.now)
  if (found.length === 0 || (parsed.skip === 0 && strikes('listNotFound'))) {
    return failure(404, 'NotFound', 'No recent machines were found', call.target)
  }
  const { skip, top } = parsed
  const end = skip + Math.min(top ?? pageSize, pageSize)
  const rows = strikes('listRepeatedRows') ? withRepetitions(found, skip, end) : found.slice(skip, end)
  const value = rows
    .filter(({ machineId }) => !faults.strike('listFlap', call.route, machineId, call.now))
    .map((machine) => machineOnTheWire(machine, call.now))
  const nextSkip = top === undefined && end < found.length ? end : undefined
  const nextLink = nextLinkOf(call, parsed, nextSkip, origins, strikes)
  return json(200, { '@odata.context': CONTEXT, value, ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }) })
}

function matching({ matches }: ListQuery, fleet: Fleet, now: number): Character[] {
  const existing = fleet.existing(now)
  return matches ? existing.filter((machine) => matches(machineOnTheWire(machine, now))) : existing
}

/** The page begins with the end of the one before, and ends with its own first row. */
function withRepetitions(found: readonly Character[], skip: number, end: number): Character[] {
  const rows = found.slice(Math.max(0, skip - 2), end)
  return [...rows, ...rows.slice(0, 1)]
}

interface ListQuery {
  skip: number
  top: number | undefined
  filter: string | undefined
  matches: ((row: MachineWire) => boolean) | undefined
}

/** The query, or what is wrong with it. */
function parseListQuery(query: URLSearchParams): ListQuery | string {
  const top = query.get('$top') ?? undefined
  const skip = query.get('$skip') ?? '0'
  for (const number of [top ?? '0', skip]) if (!/^\d{1,9}$/.test(number)) return `Invalid value '${number}' for $top or $skip`
  if (Number(top ?? 0) > MAX_PAGE) return `The limit of '${MAX_PAGE}' for Top query has been exceeded by '${top}'.`
  const filter = query.get('$filter') ?? undefined
  try {
    const matches = filter === undefined ? undefined : parseFilter(filter)
    return { skip: Number(skip), top: top === undefined ? undefined : Number(top), filter, matches }
  } catch (error) {
    if (error instanceof FilterError) return error.message
    throw error
  }
}

type Strikes = (fault: FaultName) => boolean

function nextLinkOf(call: ApiCall, query: ListQuery, nextSkip: number | undefined, origins: Origins, strikes: Strikes): string | undefined {
  if (strikes('listPageLoop')) return origins.own + call.pathname + queryText(query, query.skip)
  if (strikes('listForeignNextLink')) return origins.foreign + call.pathname + queryText(query, nextSkip ?? 0)
  return nextSkip === undefined ? undefined : origins.own + call.pathname + queryText(query, nextSkip)
}

function queryText({ filter }: ListQuery, skip: number): string {
  const filterText = filter === undefined ? '' : `$filter=${encodeURIComponent(filter)}&`
  return `?${filterText}$skip=${skip}`
}
