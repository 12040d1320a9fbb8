import { oneTenantOf } from '../../dev/one-tenant.ts'
import { openTenant } from '../../src/open-tenant.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { type Api, apiOf, TENANT } from '../support/api.ts'
import { type History, playHistory, snapshotIdAt } from '../support/history-model.ts'
import { programOver } from '../support/program-over.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import type { Tables } from '../support/table-services.ts'
import { writeHistory } from '../support/write-history.ts'

export const MACHINES = ['0a', '7f00', 'f9']
/** Appeared and reopened, resolved, closed and opened again, untouched. */
export const WEEKS = playHistory(MACHINES, [
  [['5094127', 'KB 1/2'], ['5094127'], []],
  [['5094127', '=1+1'], ['5094127'], []],
  [['KB 1/2', '=1+1'], [], ['5094127']],
  [['KB 1/2'], ['5094127'], ['5094127']],
])
export const [FIRST, SECOND, THIRD, FOURTH] = [0, 1, 2, 3].map(snapshotIdAt) as [string, string, string, string]

/** An API over tables of its own, which hold a history. */
export async function apiOver(tables: Tables, tablePrefix: string, history: History): Promise<{ api: Api; services: OneTenantServices }> {
  const environment = { DEFENDER_TENANT_ID: TENANT, TABLE_PREFIX: tablePrefix }
  const api = apiOf(programOver(tables, environment, recordingOutside(Date.parse('2026-08-01T00:00:00Z'))))
  const services = oneTenantOf(api.program)
  await writeHistory(openTenant(services).store, history)
  return { api, services }
}
