import { call, type CallContext } from './call.ts'
import type { Fault, FaultResult } from './fault.ts'
import { type ListedMachine, mergeMachines } from '../domain/index.ts'
import { DEFENDER_POLICY } from './policy.ts'
import { decodeMachines } from './wire.ts'

/** Which page of the list, and of which machines; `filter` is OData. */
export interface MachinesQuery {
  top: number
  skip: number
  filter?: string
}

/**
 * One page. The next one is at `skip + rows`, and there is one if `more`. `absent` is how Defender says that there are no machines:
 * https://learn.microsoft.com/defender-endpoint/api/get-machines
 */
export type ListResult =
  { kind: 'page'; machines: ListedMachine[]; rows: number; more: boolean } | { kind: 'absent'; fault: Fault } | FaultResult

/** One page of the machine list. */
export async function listMachines(context: CallContext, { top, skip, filter }: MachinesQuery): Promise<ListResult> {
  const query = [`$top=${top}`, `$skip=${skip}`, ...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`])]
  const page = await call(context, {
    operation: 'listMachines',
    path: `/api/machines?${query.join('&')}`,
    limits: DEFENDER_POLICY.answers.listMachines,
    decode: decodeMachines,
  })
  if (page.kind === 'fault') return page.fault.status === 404 ? { kind: 'absent', fault: page.fault } : page
  const { machines, rows, dropped, nextLink } = page.value
  if (dropped > 0) context.outside.log.warn('defender.rowsDropped', { operation: 'listMachines', skip, dropped })
  // With $top there is no next link, so far; should there be one, the server's pages are smaller than asked for.
  return { kind: 'page', machines: mergeMachines(machines), rows, more: rows > 0 && (rows >= top || nextLink !== null) }
}
