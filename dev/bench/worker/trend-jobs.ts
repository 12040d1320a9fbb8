import { odata } from '@azure/data-tables'
import { HttpRequest } from '@azure/functions'
import { routes } from '../../../src/http/routes/route-list.ts'
import type { Program as Opened } from '../../../src/program.ts'
import { tenantKeys, trendPartitions } from '../../../src/store/keys.ts'
import { barePages, type Program, timedRows } from './timed.ts'

/** Answers a route as the host asks for it, and drops what it says. */
export function readRoute(program: Program, path: string) {
  const services = program()
  const opened: Opened = { kind: 'ready', services, outside: services.outside, reported: false }
  const route = routes.find((one) => one.path === path)
  const request = new HttpRequest({ method: 'GET', url: `http://localhost/api/${path}` })
  return timedRows(async () => {
    const { status = 0, body } = (await route?.serve(() => opened)(request)) ?? {}
    if (status !== 200) throw new Error(`${path}: HTTP ${status}`)
    return Buffer.byteLength(body as string)
  })
}

/** The rows that a route of trends takes, with the SDK alone: those that others lead to after them, the rest at once. */
export function readTrendRowsBare(program: Program, route: 'overview' | 'trends', from: string, to: string) {
  const { tenantId } = program()
  const keys = tenantKeys(tenantId)
  const count = async (table: string, filter: string) => {
    let rows = 0
    for await (const page of barePages(program, table, filter)) rows += page.length
    return rows
  }
  const trends = (partition: string, first: string, last: string) =>
    count('trends', odata`PartitionKey eq ${keys.partition(partition)} and RowKey ge ${first} and RowKey lt ${`${last}~`}`)
  return timedRows(async () => {
    const tenant = await count('tenants', odata`PartitionKey eq ${'tenant'} and RowKey eq ${tenantId}`)
    const snapshot = await count('snapshots', odata`PartitionKey eq ${keys.own} and RowKey eq ${to}`)
    const points = trends(trendPartitions.snapshots, from, to)
    const others = [
      trends(trendPartitions.cohorts, '202604', '9'),
      trends(trendPartitions.groups.rbacGroup.snapshot, to, to),
      trends(trendPartitions.top, to, to),
    ]
    const rows = await Promise.all(route === 'overview' ? [points, ...others] : [points])
    return rows.reduce((sum, some) => sum + some, tenant + snapshot)
  })
}
