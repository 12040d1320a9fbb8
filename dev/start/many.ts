import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { localTime } from '../../src/defender/budget/index.ts'
import { healthRoute } from '../../src/http/routes/health.ts'
import { statusRoute } from '../../src/http/routes/status.ts'
import { tenantPutRoute } from '../../src/http/routes/tenant-put.ts'
import { tenantsRoute } from '../../src/http/routes/tenants.ts'
import { startAzurite } from '../azurite.ts'
import { startCatalogue } from '../catalogue/index.ts'
import { simulatedClock, type SimulatedClock } from '../simulated-clock.ts'
import { type SimulatedTenants, startSimulatedTenants } from '../simulator/index.ts'
import { trustCertificate } from '../trust-certificate.ts'
import { root, type ServedApp, serveApp } from './app.ts'
import { isolatedEnvironment, replaceEnvironment } from './app-environment.ts'
import { type Customer, customersOf } from './customers.ts'
import { type CustomerRow, customersTable } from './customers-table.ts'
import { curlOf, printAddresses, printSuggestions } from './guide.ts'
import type { ManyOptions } from './options.ts'
import { readPublicFacts } from './public-facts.ts'
import type { Session } from './session.ts'
import { counted, dayOf } from './text.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
const FIRST_START = Date.parse('2026-03-02T02:00:00Z')
/** Of the app, in its home tenant and in every other. */
const CLIENT_ID = 'c11e47ab-1d00-4000-8000-0000000000aa'
/** The small tenants are through in minutes, and the large one by the hour's quota. */
const MOST_MINUTES = 24 * 60

interface ManyRun extends ServedApp {
  session: Session
  clock: SimulatedClock
  simulated: SimulatedTenants
  customers: readonly Customer[]
}

/** Reads simulated customers, all in one app, shows how each stands, and serves the API. Resolves to the exit code. */
export async function runMany(options: ManyOptions, session: Session): Promise<number> {
  const { terminal } = session
  const run = await startMany(options, session)
  await addCustomers(run)
  for (let day = 0; day < options.days; day++) {
    run.clock.set(FIRST_START + day * DAY)
    terminal.print(terminal.paint('bold', `  ${dayOf(new Date(run.clock.now()).toISOString())} 02:00  all are due at once`))
    await playUntilQuiet(run)
    terminal.print(...customersTable(await rowsOf(run, { isWhole: true }), terminal), '')
    await readPublicFacts(run)
  }
  await expectAll(run)
  if (!options.once) await keepServing(run)
  return 0
}

async function startMany({ tenants, seed, port }: ManyOptions, session: Session): Promise<ManyRun> {
  const { terminal } = session
  const clock = simulatedClock(FIRST_START - MINUTE)
  const customers = customersOf(tenants)
  const azurite = await startAzurite({ queues: true })
  session.onClose(() => azurite.close())
  session.throwIfInterrupted()
  const simulated = await startSimulatedTenants({
    seed,
    clientId: CLIENT_ID,
    tenants: customers,
    now: () => clock.now(),
    setNow: (time) => clock.set(time),
  })
  session.onClose(() => simulated.close())
  session.onClose(trustCertificate(simulated.certificate))
  const catalogue = await startCatalogue({ now: () => clock.now() })
  session.onClose(() => catalogue.close())
  const settings = {
    ...simulated.environment,
    ...catalogue.environment,
    DEFENDER_CLIENT_ID: CLIENT_ID,
    DEFENDER_API_URL: simulated.url,
    AZURE_AUTHORITY_HOST: simulated.authorityUrl,
    STORAGE_CONNECTION_STRING: azurite.connectionString,
    AzureWebJobsStorage: azurite.connectionString,
    SYNC_SCHEDULE: '0 0 2 * * *',
  }
  replaceEnvironment(process.env, isolatedEnvironment(process.env, settings))
  const log = join('.patchtrail', 'start.log')
  const outside = { clock, budgetTime: localTime(clock) }
  const served = await serveApp(session, { port, logPath: join(root, log), append: false, outside })
  printAddresses(terminal, served.api.url, `log ${log}`)
  terminal.print('')
  return { ...served, session, clock, simulated, customers }
}

/** As an operator does, one after the other; in Azure with the master key. */
async function addCustomers({ api, customers }: ManyRun): Promise<void> {
  for (const { tenantId, name } of customers) await api.put(`/api/tenants/${tenantId}`, { name }, tenantPutRoute.responses[201])
}

/** A simulated minute after the other, each with its tick and the slices that it wakes, until no tenant has anything to do. */
async function playUntilQuiet(run: ManyRun, { pauseMs = 0 } = {}): Promise<void> {
  const { app, clock, session } = run
  for (let minute = 0; minute < MOST_MINUTES; minute++) {
    await app.runTimer('tick')
    const slices = app.takeMessages()
    await drawWhile(run, slices)
    const rows = await rowsOf(run)
    session.terminal.drawAll(customersTable(rows, session.terminal))
    session.throwIfInterrupted()
    if ((await slices) === 0 && rows.every(({ running }) => !running)) return
    if (pauseMs > 0) await session.pause(pauseMs)
    clock.set(Math.floor(clock.now() / MINUTE + 1) * MINUTE)
  }
  throw new Error(`The tenants are not through after ${MOST_MINUTES} minutes.`)
}

/** Several times a second: the slices are what takes the time. */
async function drawWhile(run: ManyRun, slices: Promise<unknown>): Promise<void> {
  const { terminal } = run.session
  if (!terminal.isLive) return void (await slices)
  let isOver = false
  const over = slices.finally(() => (isOver = true))
  while (!isOver) {
    terminal.drawAll(customersTable(await rowsOf(run), terminal))
    await Promise.race([over, sleep(300)])
  }
  await over
}

/** The customers in their own order; those that somebody added or deleted meanwhile as well. */
async function rowsOf({ api, customers }: ManyRun, { isWhole = false } = {}): Promise<CustomerRow[]> {
  const { tenants } = await api.get('/api/tenants', tenantsRoute.responses[200])
  const placeOf = ({ tenantId }: { tenantId: string }) => customers.findIndex((customer) => customer.tenantId === tenantId)
  const rows: CustomerRow[] = []
  for (const tenant of tenants.toSorted((one, other) => placeOf(one) - placeOf(other))) {
    // Somebody may delete it in between.
    const found = await api.find(`/api/status?tenantId=${tenant.tenantId}`, statusRoute.responses[200])
    const [last] = isWhole && found ? await api.newestSnapshots(1, tenant.tenantId) : []
    if (found) rows.push({ tenant, running: tenant.enabled ? found.running : undefined, last })
  }
  return rows
}

/** What must be so: all completed but the one that refuses, whose refusal is its own, and no quota exceeded. */
async function expectAll(run: ManyRun): Promise<void> {
  const { api, simulated, customers, session } = run
  const rows = await rowsOf(run)
  for (const { tenantId, name, consent, faults } of customers) {
    const tenant = rows.find((row) => row.tenant.tenantId === tenantId)?.tenant
    const expected = consent === undefined ? 'ok' : 'blocked'
    if (tenant?.status !== expected) throw new Error(`${name} is ${tenant?.status}, not ${expected}: ${tenant?.detail ?? ''}`)
    const exceeded = simulated.tenant(tenantId).quotaViolations
    if (!faults && exceeded > 0) throw new Error(`The quota of ${name} was exceeded ${counted(exceeded, 'time')}.`)
  }
  const health = await api.get('/api/health', z.looseObject({ status: z.literal('ok'), tenants: healthRoute.responses[200].shape.tenants }))
  const { terminal } = session
  const { ok = 0, blocked = 0 } = health.tenants ?? {}
  for (const { tenant } of rows)
    if (tenant.status === 'blocked') terminal.print(terminal.paint('red', `${tenant.name}:`), `  ${tenant.detail ?? ''}`, '')
  terminal.print(
    `${terminal.paint('green', 'ok')}  ${counted(ok, 'tenant')} read, ${blocked} blocked: health is ok, since one tenant's trouble is its own.`,
  )
}

/** Serves until it is interrupted; the simulated clock goes on like a real one. */
async function keepServing(run: ManyRun): Promise<never> {
  const { app, api, clock, simulated, customers, session } = run
  const curl = curlOf(process.platform)
  const refusing = customers.find(({ consent }) => consent !== undefined)
  const [first] = customers
  printSuggestions(session.terminal, api.url, [
    { about: 'all tenants, and how each stands', command: `${curl} ${api.url}/api/tenants` },
    { about: 'one tenant: every route takes its id', command: `${curl} "${api.url}/api/overview?tenantId=${first?.tenantId}"` },
    { about: 'days of all tenants, for Power BI', command: `${curl} ${api.url}/api/odata/TenantDays` },
    { about: 'is all well?', command: `${curl} ${api.url}/api/health` },
    ...(refusing
      ? [
          {
            about: `${refusing.name} consents after all …`,
            command: `${curl} -X POST "${simulated.url}/simulator/tenants/${refusing.tenantId}/consent?consent=granted"`,
          },
          { about: '… and is read at once', command: `${curl} -X POST "${api.url}/api/sync?tenantId=${refusing.tenantId}"` },
        ]
      : []),
    { about: 'a tenant leaves, with its history', command: `${curl} -X DELETE "${api.url}/api/tenants/${first?.tenantId}?history=true"` },
  ])
  session.terminal.print('', 'Serving until Ctrl+C. What the tenants do shows here.')
  for (let lastTickAt = clock.now(); ;) {
    await session.pause(SECOND)
    clock.advance(SECOND)
    const rows = await rowsOf(run)
    if (rows.some(({ running }) => running)) {
      await playUntilQuiet(run, { pauseMs: SECOND })
      session.terminal.print(...customersTable(await rowsOf(run, { isWhole: true }), session.terminal), '')
    } else if (clock.now() - lastTickAt < MINUTE) continue
    await app.runTimer('tick')
    await app.takeMessages()
    lastTickAt = clock.now()
  }
}
