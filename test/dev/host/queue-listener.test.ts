import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Azurite, startAzurite } from '../../../dev/azurite.ts'
import {
  type HostLogEntry,
  type MessageQueue,
  openQueue,
  QueueListener,
  type QueueSettings,
  queueSettings,
} from '../../../dev/host/index.ts'

let azurite: Azurite
let queue: MessageQueue
let queues = 0
let log: HostLogEntry[]

beforeAll(async () => {
  azurite = await startAzurite({ queues: true })
})
afterAll(() => azurite.close())
beforeEach(() => {
  log = []
  queue = openQueue(azurite.connectionString, `queue-${(queues += 1)}`)
})

const TEN_MINUTES = 600_000
const encoded = (text: string): string => Buffer.from(text).toString('base64')
const send = async (...texts: string[]): Promise<void> => {
  for (const text of texts) await queue.send(encoded(text))
}
/** Never ends: the process that runs it was killed. */
const killed = (): Promise<never> => new Promise(() => {})
const failing = (): Promise<never> => Promise.reject(new Error('failed on purpose'))

type Invoke = ConstructorParameters<typeof QueueListener>[0]['invoke']
/** The listener of a host of its own. */
const listen = (invoke: Invoke, settings: Partial<QueueSettings> = {}, over: Partial<MessageQueue> = {}): QueueListener =>
  new QueueListener({
    queue: { ...queue, ...over },
    settings: { ...queueSettings.parse({}), ...settings },
    invoke,
    log: (entry) => log.push(entry),
  })
/** A listener that succeeds, and what it was given: text and delivery. */
const succeeding = (settings: Partial<QueueSettings> = {}) => {
  const given: [string, number][] = []
  const listener = listen(async ({ text, dequeueCount }) => void given.push([text, dequeueCount]), settings)
  return { listener, given }
}
const clientOf = ({ name }: MessageQueue): QueueClient => new QueueClient(azurite.connectionString, name)
const lengthOf = async (one: MessageQueue): Promise<number> => (await clientOf(one).getProperties()).approximateMessagesCount ?? NaN
const textsOf = async (one: MessageQueue): Promise<string[]> => (await one.receive(32, 1)).map(({ text }) => text)

test('messages are decoded, dealt with and deleted', async () => {
  await send('one', '{"two":2}')
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(2)
  expect(given.sort()).toEqual([
    ['one', 1],
    ['{"two":2}', 1],
  ])
  expect([await lengthOf(queue), await listener.takeMessages(), log]).toEqual([0, 0, []])
})

test('a queue that is missing at first start is no failure', async () => {
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(0)
  await send('later')
  expect(await listener.takeMessages()).toBe(1)
  expect(given).toEqual([['later', 1]])
})

test('a process that is killed within an invocation leaves its message hidden for ten minutes', async () => {
  await send('m')
  const victim = listen(killed, { visibilityTimeoutSeconds: 1 })
  expect([await victim.receiveOnce(), victim.inFlight]).toEqual([1, 1])
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(0)
  await azurite.advance(TEN_MINUTES - 5_000)
  expect(await listener.takeMessages()).toBe(0)
  await azurite.advance(6_000)
  expect(await listener.takeMessages()).toBe(1)
  expect(given).toEqual([['m', 2]])
})

test('a process that is killed between success and delete has its message run again', async () => {
  await send('m')
  const succeeded = vi.fn(() => Promise.resolve())
  const remove = vi.fn(killed)
  await listen(succeeded, {}, { remove }).receiveOnce()
  await vi.waitUntil(() => remove.mock.calls.length === 1)
  expect(succeeded).toHaveBeenCalledTimes(1)
  await azurite.advance(TEN_MINUTES)
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(1)
  expect([given, await lengthOf(queue)]).toEqual([[['m', 2]], 0])
})

test('two hosts on one queue share its messages, and neither gets one twice', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => `m${index}`)
  await send(...texts)
  const [one, other] = [succeeding({ batchSize: 3 }), succeeding({ batchSize: 3 })]
  const taken = await Promise.all([one.listener.takeMessages(), other.listener.takeMessages()])
  expect(Math.min(...taken)).toBeGreaterThan(0)
  expect([...one.given, ...other.given].map(([text]) => text).sort()).toEqual(texts.sort())
})

test('a host whose message another has received since cannot delete it: a line in the log, no more', async () => {
  await send('m')
  let end = (): void => {}
  const slow = listen(() => new Promise<void>((resolve) => (end = resolve)))
  await slow.receiveOnce()
  await azurite.advance(TEN_MINUTES)
  const other = listen(killed)
  expect(await other.receiveOnce()).toBe(1)
  end()
  await slow.settle()
  expect(log).toMatchObject([{ level: 'debug', message: expect.stringContaining('Unable to delete queue message') as string }])
  expect(await lengthOf(queue)).toBe(1)
  await azurite.advance(TEN_MINUTES)
  const { listener, given } = succeeding()
  await listener.takeMessages()
  expect(given).toEqual([['m', 3]])
})

test('a message that is gone when it is to be deleted is a line in the log as well', async () => {
  await send('m')
  const listener = listen(async () => void (await clientOf(queue).clearMessages()))
  expect(await listener.takeMessages()).toBe(1)
  expect(log).toMatchObject([{ level: 'debug' }])
})

test('a message that fails is visible again after visibilityTimeout', async () => {
  await send('m')
  expect(await listen(failing, { visibilityTimeoutSeconds: 30 }).takeMessages()).toBe(1)
  expect(log).toMatchObject([{ level: 'error', message: expect.stringContaining('failed on purpose') as string }])
  const { listener, given } = succeeding()
  await azurite.advance(25_000)
  expect(await listener.takeMessages()).toBe(0)
  await azurite.advance(6_000)
  expect(await listener.takeMessages()).toBe(1)
  expect(given).toEqual([['m', 2]])
})

test('a message that always fails is moved away, as it was, at the fifth delivery', async () => {
  await send('{"bad":1}')
  expect(await listen(failing).takeMessages()).toBe(5)
  expect([await lengthOf(queue), await textsOf(queue.poison())]).toEqual([0, [encoded('{"bad":1}')]])
  expect(queue.poison().name).toBe(`${queue.name}-poison`)
  expect(log.filter(({ level }) => level === 'error')).toHaveLength(5)
  const moved = `Message has reached MaxDequeueCount of 5. Moving message to queue '${queue.name}-poison'.`
  expect(log.at(-1)).toMatchObject({ level: 'warning', message: moved })
})

test('kills count as deliveries: a failure after four of them moves the message away', async () => {
  await send('m')
  for (let kill = 0; kill < 4; kill += 1) {
    expect(await listen(killed).receiveOnce()).toBe(1)
    await azurite.advance(TEN_MINUTES)
  }
  expect(await listen(failing).takeMessages()).toBe(1)
  expect([await lengthOf(queue), await textsOf(queue.poison())]).toEqual([0, [encoded('m')]])
})

test('after five kills it is moved away without being run once more', async () => {
  await send('m')
  for (let kill = 0; kill < 5; kill += 1) {
    expect(await listen(killed).receiveOnce()).toBe(1)
    await azurite.advance(TEN_MINUTES)
  }
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(0)
  expect([given, await lengthOf(queue), await textsOf(queue.poison())]).toEqual([[], 0, [encoded('m')]])
})

test('what fails in a poison queue stays there: hidden for ten minutes, and after five times not run any more', async () => {
  queue = queue.poison()
  await send('m')
  await queue.send('{"plain":1}')
  for (let delivery = 1; delivery <= 6; delivery += 1) {
    expect(await listen(failing, { visibilityTimeoutSeconds: 1 }).takeMessages()).toBe(delivery <= 5 ? 1 : 0)
    await azurite.advance(TEN_MINUTES - 5_000)
    expect(await listen(failing).takeMessages()).toBe(0)
    await azurite.advance(6_000)
  }
  expect([await lengthOf(queue), await clientOf(queue.poison()).exists()]).toEqual([2, false])
  expect(log.filter(({ message }) => message.includes('Moving message'))).toEqual([])
})

test('a plain text that is no base64 is moved away at once, unseen; with messageEncoding none it is given as it is', async () => {
  await queue.send('{"plain":1}')
  const { listener, given } = succeeding()
  expect(await listener.takeMessages()).toBe(0)
  expect([given, await lengthOf(queue), await textsOf(queue.poison())]).toEqual([[], 0, ['{"plain":1}']])
  expect(log[0]).toMatchObject({ level: 'warning', message: expect.stringContaining('Message decoding has failed!') as string })
  await queue.send('{"plain":2}')
  const plain = succeeding({ messageEncoding: 'none' })
  await plain.listener.takeMessages()
  expect(plain.given).toEqual([['{"plain":2}', 1]])
})

test('a batch is fetched while no more than the threshold are in flight, so that never more than both are', async () => {
  await send(...Array.from({ length: 9 }, (_, index) => `m${index}`))
  const ends: (() => void)[] = []
  const listener = listen(() => new Promise<void>((resolve) => ends.push(resolve)), { batchSize: 3, newBatchThreshold: 2 })
  const endOne = async (): Promise<void> => {
    const before = listener.inFlight
    ends.shift()?.()
    await vi.waitUntil(() => listener.inFlight < before)
  }
  expect([await listener.receiveOnce(), await listener.receiveOnce(), listener.inFlight]).toEqual([3, 0, 3])
  await endOne()
  expect([await listener.receiveOnce(), await listener.receiveOnce(), listener.inFlight]).toEqual([3, 0, 5])
  const taking = listener.takeMessages()
  await expect(listener.takeMessages()).rejects.toThrow('taking messages already')
  let [most, isTaken] = [0, false]
  const taken = taking.finally(() => (isTaken = true))
  while (!isTaken) {
    most = Math.max(most, listener.inFlight)
    ends.shift()?.()
    await new Promise(setImmediate)
  }
  expect([await taken, most]).toEqual([3, 5])
})

test('a storage that fails while a message is dealt with is logged, and the message comes back', async () => {
  await send('m')
  const remove = () => Promise.reject(new Error('storage is down'))
  const broken = listen(() => Promise.resolve(), {}, { remove })
  expect(await broken.takeMessages()).toBe(1)
  expect(log).toMatchObject([{ level: 'error', message: expect.stringContaining('storage is down') as string }])
  await azurite.advance(TEN_MINUTES)
  const { listener, given } = succeeding()
  await listener.takeMessages()
  expect(given).toEqual([['m', 2]])
})
