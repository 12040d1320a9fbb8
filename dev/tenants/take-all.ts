import { QueueClient } from '@azure/storage-queue'
import { setTimeout as sleep } from 'node:timers/promises'
import { manyTenantsOf } from '../many-tenants.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import { NOTHING_SET } from '../../src/domain/index.ts'
import { eachAtOnce } from '../../src/each-at-once.ts'
import type { LogFields } from '../../src/log.ts'
import { createProgram, type ManyTenantsServices } from '../../src/program.ts'
import { registerTenant, requestSnapshot, SLICE_QUEUE } from '../../src/sync/index.ts'
import { dispatch } from '../../src/sync/dispatch/dispatch.ts'
import { isolatedEnvironment } from '../start/app-environment.ts'
import { type Instance, startInstance } from './instance.ts'
import type { TenantServices } from './services.ts'
import { quietLog } from '../quiet-log.ts'

export interface TakeAllOptions {
  prefix: string
  workers: number
  /** The instant of every snapshot (ms). */
  at: number
  /** Each message is sent so often. */
  copies?: number
  /** Instances that are killed in the middle of whatever they do, one every few seconds, each followed by another. */
  kills?: number
  /** How long a tenant's lease lasts: whoever was killed is succeeded after it. */
  leaseSeconds?: number
}

/** What it took. */
export interface Taken {
  wallMs: number
  /** Milliseconds in which an instance had any message in hand, all instances together. */
  busyMs: number
  /** Milliseconds of all slices, one after the other. */
  sliceMs: number
  slices: number
  /** Messages that had nothing to wake, by why. */
  ignored: Record<string, number>
  killed: number
  statuses: Record<string, number>
  transactions: number
}

const TICK_MS = 2_000
const MOST_MS = 45 * 60_000

/** Takes a snapshot of every tenant at once, by so many instances of the app over one queue; to the end of all of them. */
export async function takeAll(services: TenantServices, options: TakeAllOptions): Promise<Taken> {
  const { prefix, workers, at, copies = 1, kills = 0, leaseSeconds = 90 } = options
  const environment = { ...services.environmentOf(prefix), SYNC_LEASE_SECONDS: String(leaseSeconds) }
  const aheadMs = at - Date.now()
  const app = openApp(environment, aheadMs)
  await beginAll(app, services.tenantIds, at)
  const tally: Pick<Taken, 'sliceMs' | 'slices' | 'ignored'> = { sliceMs: 0, slices: 0, ignored: {} }
  const start = () =>
    startInstance({
      main: services.main,
      aheadMs,
      environment: { ...isolatedEnvironment(process.env, environment), APP_CERTIFICATE: services.certificate },
      onLog: (event, fields) => count(tally, event, fields),
    })
  const instances = await Promise.all(Array.from({ length: workers }, start))
  const before = await services.transactions()
  const startedAt = performance.now()
  const killed = await playToEnd(app, services, instances, { copies, kills, start })
  const wallMs = performance.now() - startedAt
  const transactions = (await services.transactions()) - before
  const busy = await Promise.all(instances.map((instance) => instance.stop()))
  return { wallMs, busyMs: busy.reduce((sum, ms) => sum + ms, 0), ...tally, killed, statuses: await statusesOf(app), transactions }
}

/** The app in this process, for what a tick and an operator do. */
function openApp(environment: Record<string, string>, aheadMs: number): ManyTenantsServices {
  const clock = { now: () => Date.now() + aheadMs, sleep: async (milliseconds: number) => sleep(milliseconds) }
  const program = createProgram(environment, {
    clock,
    budgetTime: localTime(clock),
    random: Math.random,
    log: quietLog,
  })
  return manyTenantsOf(program)
}

async function beginAll({ store }: ManyTenantsServices, tenantIds: readonly string[], at: number): Promise<void> {
  await eachAtOnce(tenantIds, 8, async (tenantId) => {
    await registerTenant(store.of(tenantId), { ...NOTHING_SET, name: tenantId }, at)
    await requestSnapshot(store.of(tenantId), at)
  })
}

interface Playing {
  copies: number
  kills: number
  start: () => Promise<Instance>
}

/** Ticks until no tenant has anything to do; how many instances were killed on the way. */
async function playToEnd(
  app: ManyTenantsServices,
  services: TenantServices,
  instances: Instance[],
  { copies, kills, start }: Playing,
): Promise<number> {
  const queue = new QueueClient(services.queueConnection, SLICE_QUEUE.queueName)
  await queue.createIfNotExists()
  const endMs = performance.now() + MOST_MS
  for (let killed = 0; ;) {
    const messages = await dispatch(app)
    const texts = messages.flatMap((message) =>
      Array.from({ length: copies }, () => Buffer.from(JSON.stringify(message)).toString('base64')),
    )
    await eachAtOnce(texts, 8, async (text) => void (await queue.sendMessage(text)))
    if (killed < kills) {
      const index = killed % instances.length
      await instances[index]?.kill()
      instances[index] = await start()
      killed += 1
    }
    if (!(await isAnyActive(app))) return killed
    if (performance.now() > endMs) throw new Error('the tenants are not through')
    await sleep(TICK_MS)
  }
}

async function isAnyActive({ store }: ManyTenantsServices): Promise<boolean> {
  for await (const { tenants } of store.tenants.pages(['activeSnapshotId'] as const))
    if (tenants.some((found) => found.kind === 'read' && found.tenant.activeSnapshotId !== null)) return true
  return false
}

async function statusesOf({ store }: ManyTenantsServices): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  for await (const { tenants } of store.tenants.pages(['endedStatus'] as const)) {
    for (const found of tenants) {
      const status = found.kind === 'read' ? (found.tenant.endedStatus ?? 'none') : 'damaged'
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  return statuses
}

function count(tally: Pick<Taken, 'sliceMs' | 'slices' | 'ignored'>, event: string, { milliseconds, why }: LogFields): void {
  if (event === 'slice.ended') {
    tally.slices += 1
    tally.sliceMs += Number(milliseconds)
  }
  if (event === 'message.ignored') tally.ignored[String(why)] = (tally.ignored[String(why)] ?? 0) + 1
}
