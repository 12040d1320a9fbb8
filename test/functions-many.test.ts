import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Azurite, startAzurite } from '../dev/azurite.ts'
import { simulatedClock } from '../dev/simulated-clock.ts'
import { type SimulatedTenants, startSimulatedTenants } from '../dev/simulator/index.ts'
import { trustCertificate } from '../dev/trust-certificate.ts'
import { localTime } from '../src/defender/budget/index.ts'
import { POISON_QUEUE, SLICE_QUEUE } from '../src/sync/index.ts'
import { CLIENT_ID, tenantIdAt } from './support/many-world.ts'
import { serveApp, type ServedApp } from './support/served-app.ts'
import { HOUR, type LogLine, MINUTE, recorder } from './support/world.ts'

// The whole job of an app of many tenants through what is registered: timer, queue and HTTP, over Azurite and a Defender that wants a token of
// each tenant. Each test goes on from the one before.

const START = Date.parse('2026-03-02T02:00:00Z')
const MASTER_KEY = 'the-master-key'
const ALL = [1, 2, 3].map(tenantIdAt)

const clock = simulatedClock(START - 5 * MINUTE)
const log: LogLine[] = []
let azurite: Azurite
let simulated: SimulatedTenants
let distrust: () => void
let served: ServedApp
let queue: QueueClient

beforeAll(async () => {
  azurite = await startAzurite({ queues: true })
  const tenants = ALL.map((tenantId, index) => ({ tenantId, machines: 10 + 5 * index, quota: 'none' as const }))
  simulated = await startSimulatedTenants({ seed: 3, clientId: CLIENT_ID, now: () => clock.now(), tenants })
  distrust = trustCertificate(simulated.certificate)
  queue = new QueueClient(azurite.connectionString, SLICE_QUEUE.queueName)
  served = await serveApp(
    {
      ...simulated.environment,
      DEFENDER_CLIENT_ID: CLIENT_ID,
      DEFENDER_API_URL: simulated.url,
      AZURE_AUTHORITY_HOST: simulated.authorityUrl,
      STORAGE_CONNECTION_STRING: azurite.connectionString,
      AzureWebJobsStorage: azurite.connectionString,
      SYNC_SCHEDULE: '0 0 2 * * *',
      CATALOGUE: 'off',
    },
    { master: MASTER_KEY },
  )
  served.useOutside({ clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) })
})
afterAll(async () => {
  await served.app.terminate()
  distrust()
  vi.unstubAllEnvs()
  await Promise.all([simulated.close(), azurite.close()])
})

const put = (tenantId: string, key?: string) =>
  served.call(`/api/tenants/${tenantId}`, { method: 'PUT', body: JSON.stringify({ name: `Customer ${tenantId}` }), ...(key && { key }) })
const statuses = async () => {
  const { json } = await served.call('/api/tenants')
  return (json['tenants'] as { status: string; lastSnapshot?: { status: string } }[]).map((tenant) => tenant.lastSnapshot?.status)
}
const poisoned = () => log.filter(({ event }) => event === 'message.poisoned').map(({ level, fields }) => ({ level, fields }))
const ignored = () => log.filter(({ event }) => event === 'message.ignored').map(({ fields }) => fields['why'])

/** A minute of the app; how many slices, or messages without one, there were. */
async function minute(): Promise<number> {
  await served.app.runTimer('tick')
  const taken = await served.app.takeMessages()
  clock.advance(MINUTE - (clock.now() % MINUTE))
  return taken
}

describe('the functions of an app of many tenants', () => {
  it('are a timer that sends messages, a queue function that takes them, and one that tells of those that it could not', () => {
    const bindings = new Map(served.app.functions.map(({ name, metadata }) => [name, Object.values(metadata.bindings)]))
    // Where it is off.
    expect(bindings.has('catalogue')).toBe(false)
    expect(bindings.get('slice')).toEqual([expect.objectContaining({ type: 'queueTrigger', ...SLICE_QUEUE })])
    expect(bindings.get('slicePoison')).toEqual([expect.objectContaining({ type: 'queueTrigger', ...POISON_QUEUE })])
    expect(bindings.get('tick')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'timerTrigger' }),
        expect.objectContaining({ type: 'queue', ...SLICE_QUEUE }),
      ]),
    )
  })

  it('change tenants for the master key only', async () => {
    for (const tenantId of ALL) expect((await put(tenantId)).status).toBe(401)
    for (const tenantId of ALL) expect((await put(tenantId, MASTER_KEY)).status).toBe(201)
    expect((await served.call(`/api/tenants/${ALL[0]}?history=true`, { method: 'DELETE' })).status).toBe(401)
    expect(await statuses()).toEqual([undefined, undefined, undefined])
  })

  it('take every tenant when it is due, though there is no queue yet', { timeout: 60_000 }, async () => {
    expect(await minute()).toBe(0)
    clock.set(START)
    let slices = 0
    for (let minutes = 0; minutes < 5; minutes++) slices += await minute()
    expect(slices).toBeGreaterThanOrEqual(3)
    expect(await statuses()).toEqual(['completed', 'completed', 'completed'])
    for (const tenantId of ALL) {
      const { json } = await served.call(`/api/machines?tenantId=${tenantId}`)
      const found = (json['machines'] as { machineId: string }[]).map(({ machineId }) => machineId).sort()
      expect(found).toEqual(
        simulated
          .tenant(tenantId)
          .listed(clock.now())
          .map(({ id }) => id)
          .sort(),
      )
    }
  })

  it('ignore ten copies of what is done, and what is no message of ours', { timeout: 60_000 }, async () => {
    const before = ignored().length
    const texts = [
      JSON.stringify({ tenantId: ALL[0], at: 'then' }),
      'hello',
      '[]',
      JSON.stringify({ tenantId: tenantIdAt(99), at: 'then' }),
    ]
    for (const text of [...Array.from({ length: 9 }, () => texts[0] ?? ''), ...texts])
      await queue.sendMessage(Buffer.from(text).toString('base64'))
    expect(await served.app.takeMessages()).toBe(13)
    const whys = ignored().slice(before)
    expect(whys.filter((why) => why === 'stale')).toHaveLength(10)
    expect(whys.filter((why) => why === 'malformed')).toHaveLength(2)
    expect(whys.filter((why) => why === 'unknownTenant')).toHaveLength(1)
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0)
  })

  it('tell once of a message at which five processes died, and of whatever else is moved away', { timeout: 60_000 }, async () => {
    const message = { tenantId: ALL[1], at: 'then' }
    await queue.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'))
    for (let death = 0; death < 5; death++) {
      const removing = vi.fn(() => new Promise<never>(() => {}))
      await served.app.listener('slice', (its) => ({ ...its, remove: removing })).receiveOnce()
      await vi.waitUntil(() => removing.mock.calls.length === 1)
      expect(poisoned()).toEqual([])
      await azurite.advance(10 * MINUTE)
    }
    expect(await served.app.takeMessages()).toBe(1)
    expect(poisoned()).toEqual([{ level: 'error', fields: { tenantId: ALL[1], message: JSON.stringify(message) } }])
    const poison = new QueueClient(azurite.connectionString, POISON_QUEUE.queueName)
    for (const text of [`hello?sig=secret ${'x'.repeat(2_000)}`, '7']) await poison.sendMessage(Buffer.from(text).toString('base64'))
    expect(await served.app.takeMessages()).toBe(2)
    const texts = poisoned().map(({ fields }) => fields['message'])
    expect(texts.slice(1).sort()).toEqual(['7', expect.stringMatching(/^hello\?sig=\[secret\] x{900,}…$/)])
    expect((await poison.getProperties()).approximateMessagesCount).toBe(0)
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0)
  })

  it('go on where the queue was emptied, and where it was deleted', { timeout: 60_000 }, async () => {
    clock.set(START + 24 * HOUR)
    await served.app.runTimer('tick')
    await queue.clearMessages()
    expect(await served.app.takeMessages()).toBe(0)
    for (let minutes = 0; minutes < 6; minutes++) {
      clock.advance(MINUTE)
      await minute()
    }
    const ended = async () => {
      const { json } = await served.call('/api/tenants')
      return (json['tenants'] as { lastSnapshot: { startedAt: string } }[]).map(({ lastSnapshot }) => lastSnapshot.startedAt.slice(0, 10))
    }
    expect(await ended()).toEqual(['2026-03-03', '2026-03-03', '2026-03-03'])
    await queue.delete()
    clock.set(START + 48 * HOUR)
    for (let minutes = 0; minutes < 3; minutes++) await minute()
    expect(await ended()).toEqual(['2026-03-04', '2026-03-04', '2026-03-04'])
  })
})
