import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Azurite, startAzurite } from '../../../dev/azurite.ts'
import { type FunctionApp, type HostLogEntry, loadFunctionApp } from '../../../dev/host/index.ts'
import type { state as fixtureState } from './fixture-queues/app.ts'

const QUEUE = 'fixture-messages'
const log: HostLogEntry[] = []
let azurite: Azurite
let app: FunctionApp
let state: typeof fixtureState

beforeAll(async () => {
  vi.stubEnv('FIXTURE_QUEUE', QUEUE)
  azurite = await startAzurite({ queues: true })
  const main = new URL('./fixture-queues/app.ts', import.meta.url).href
  app = await loadFunctionApp({ main, log: (entry) => log.push(entry) })
  state = app.exports['state'] as typeof fixtureState
})
afterAll(async () => {
  await app.terminate()
  await azurite.close()
  vi.unstubAllEnvs()
})
beforeEach(() => {
  vi.stubEnv('FIXTURE_STORAGE', azurite.connectionString)
  log.length = 0
  state.received.length = 0
})

const clientOf = (name: string): QueueClient => new QueueClient(azurite.connectionString, name)
const tick = async (returned: unknown): Promise<void> => {
  state.returned = returned
  await app.runTimer('tick')
}
const received = () => state.received.map(({ message }) => message)

// The first of all, so that no queue has been made yet.
test.each([[undefined], [null], [[]]])('a timer that returns %o sends nothing', async (returned) => {
  await tick(returned)
  expect(await clientOf(QUEUE).exists()).toBe(false)
})

test('without its connection string a queue is neither written nor read, and the setting is named', async () => {
  vi.stubEnv('FIXTURE_STORAGE', '')
  await expect(tick([1])).rejects.toThrow('needs the setting FIXTURE_STORAGE, a connection string, which is not set')
  await expect(app.takeMessages()).rejects.toThrow('needs the setting FIXTURE_STORAGE')
})

test('the queues of an app are told with its functions', () => {
  const binding = { queueName: QUEUE, connection: 'FIXTURE_STORAGE' }
  expect(app.functions).toMatchObject([
    { name: 'relay', trigger: { type: 'queueTrigger', queueName: 'relay' }, queueOutput: binding },
    { name: 'slice', trigger: { type: 'queueTrigger', ...binding }, queueOutput: undefined },
    { name: 'tick', queueOutput: binding },
  ])
})

test('an array that a timer returns makes a message an element, and each is one invocation', async () => {
  await tick([{ tenant: 'ä' }, { tenant: 'b' }, 'text', 7])
  const { peekedMessageItems } = await clientOf(QUEUE).peekMessages({ numberOfMessages: 32 })
  const texts = peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString())
  expect(texts).toEqual(['{"tenant":"ä"}', '{"tenant":"b"}', 'text', '7'])
  expect(await app.takeMessages()).toBe(4)
  expect(received()).toHaveLength(4)
  expect(received()).toEqual(expect.arrayContaining([{ tenant: 'ä' }, { tenant: 'b' }, 'text', 7]))
  expect(await app.takeMessages()).toBe(0)
})

test.each([{ one: 1 }, 'one', 1.5])('a single value is one message: %o', async (returned) => {
  await tick(returned)
  expect(await app.takeMessages()).toBe(1)
  expect(received()).toEqual([returned])
})

test('an array that holds nothing in a place is refused', async () => {
  await expect(tick([1, undefined])).rejects.toThrow('is null')
})

test('a function is told of its message what the real host tells', async () => {
  await tick([{ n: 1 }])
  await app.takeMessages()
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
  expect(state.received[0]?.metadata).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    dequeueCount: 1,
    popReceipt: expect.any(String) as string,
    insertionTime: instant,
    expirationTime: instant,
    nextVisibleTime: instant,
    queueTrigger: { n: 1 },
  })
})

test('what functions send each other while messages are taken is taken as well', async () => {
  await clientOf('relay').createIfNotExists()
  await clientOf('relay').sendMessage(Buffer.from('[{"n":1},{"n":2}]').toString('base64'))
  expect(await app.takeMessages()).toBe(3)
  expect(received()).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]))
})

test('a handler that throws is logged by its name, and its message moved away as host.json says', async () => {
  await tick(['fail'])
  expect(await app.takeMessages()).toBe(3)
  expect(state.received.map(({ metadata }) => metadata?.['dequeueCount'])).toEqual([1, 2, 3])
  expect(log).toContainEqual(
    expect.objectContaining({ level: 'error', functionName: 'slice', message: expect.stringContaining('failed on purpose') as string }),
  )
  expect((await clientOf(`${QUEUE}-poison`).getProperties()).approximateMessagesCount).toBe(1)
})

test('another instance can be killed between success and delete', async () => {
  await tick([{ n: 1 }])
  const removed = vi.fn(() => new Promise<never>(() => {}))
  await app.listener('slice', (queue) => ({ ...queue, remove: removed })).receiveOnce()
  await vi.waitUntil(() => removed.mock.calls.length === 1)
  expect(await app.takeMessages()).toBe(0)
  await azurite.advance(600_000)
  expect(await app.takeMessages()).toBe(1)
  expect(state.received.map(({ metadata }) => metadata?.['dequeueCount'])).toEqual([1, 2])
  expect(() => app.listener('tick')).toThrow('There is no queue function "tick".')
})
