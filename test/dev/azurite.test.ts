import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { QueueClient } from '@azure/storage-queue'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { startAzurite } from '../../dev/azurite.ts'

const location = mkdtempSync(join(tmpdir(), 'patchtrail-azurite-'))
afterAll(() => rmSync(location, { recursive: true }))

const clientOf = (connectionString: string): TableClient =>
  TableClient.fromConnectionString(connectionString, 'probe', { allowInsecureConnection: true })
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const startParent = (what: string): ChildProcess => {
  const parent = fork(new URL('azurite-parent.mjs', import.meta.url), [what], { execArgv: [] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  return parent
}

test('a table can be made, written and read, and after close the process is gone', async () => {
  const azurite = await startAzurite()
  expect(azurite.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1$/)
  const client = clientOf(azurite.connectionString)
  await client.createTable()
  await client.createEntity({ partitionKey: 'p', rowKey: 'r', text: 'Grüße' })
  expect((await client.getEntity('p', 'r'))['text']).toBe('Grüße')
  await azurite.close()
  expect(isRunning(azurite.pid)).toBe(false)
  await azurite.close()
})

test('queues are there where they are asked for, beside the tables', async () => {
  const azurite = await startAzurite({ queues: true })
  await clientOf(azurite.connectionString).createTable()
  const queue = new QueueClient(azurite.connectionString, 'probe')
  await queue.create()
  await queue.sendMessage('Grüße')
  expect((await queue.receiveMessages()).receivedMessageItems).toMatchObject([{ messageText: 'Grüße', dequeueCount: 1 }])
  await azurite.close()
  expect(isRunning(azurite.pid)).toBe(false)
  const tablesAlone = await startAzurite()
  expect(tablesAlone.connectionString).not.toContain('QueueEndpoint')
  await tablesAlone.close()
})

test('its clock can be moved: hidden messages come back, and signed requests go on', async () => {
  const azurite = await startAzurite({ queues: true })
  const queue = new QueueClient(azurite.connectionString, 'probe')
  await queue.create()
  await queue.sendMessage('m')
  const receive = async () => (await queue.receiveMessages({ visibilityTimeout: 600 })).receivedMessageItems
  expect(await receive()).toHaveLength(1)
  await azurite.advance(590_000)
  expect(await receive()).toEqual([])
  await Promise.all([azurite.advance(5_000), azurite.advance(5_500)])
  expect(await receive()).toMatchObject([{ dequeueCount: 2 }])
  await azurite.advance(3 * 86_400_000)
  await clientOf(azurite.connectionString).createTable()
  expect(await receive()).toMatchObject([{ dequeueCount: 3 }])
  await azurite.advance(5 * 86_400_000)
  expect(await receive()).toEqual([])
  await expect(azurite.advance(-1)).rejects.toThrow('cannot be advanced by -1 ms')
  await azurite.close()
  await expect(azurite.advance(1)).rejects.toThrow()
})

test('two of them share neither port nor tables', async () => {
  const [one, other] = await Promise.all([startAzurite(), startAzurite()])
  await clientOf(one.connectionString).createTable()
  await clientOf(one.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r' })
  await expect(clientOf(other.connectionString).getEntity('p', 'r')).rejects.toMatchObject({ statusCode: 404 })
  await Promise.all([one.close(), other.close()])
})

test('with a location, what was written is there after a restart', async () => {
  const first = await startAzurite({ location, queues: true })
  await clientOf(first.connectionString).createTable()
  await clientOf(first.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r', n: 7 })
  const queueOf = ({ connectionString }: { connectionString: string }) => new QueueClient(connectionString, 'probe')
  await queueOf(first).create()
  await queueOf(first).sendMessage('kept')
  await first.close()
  const second = await startAzurite({ location, queues: true })
  expect((await clientOf(second.connectionString).getEntity('p', 'r'))['n']).toBe(7)
  expect((await queueOf(second).receiveMessages()).receivedMessageItems).toMatchObject([{ messageText: 'kept' }])
  await second.close()
})

test.each(['close', 'forget'])('a program that does nothing else ends by itself and leaves nothing behind: %s', async (what) => {
  const parent = startParent(what)
  const exited = once(parent, 'exit')
  const [pid] = (await once(parent, 'message')) as [number]
  expect((await exited)[0]).toBe(0)
  await vi.waitUntil(() => !isRunning(pid), { timeout: 30_000, interval: 20 })
})

test('a parent that is killed does not leave it behind', async () => {
  const parent = startParent('wait')
  const [pid] = (await once(parent, 'message')) as [number]
  expect(isRunning(pid)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitUntil(() => !isRunning(pid), { timeout: 30_000, interval: 20 })
})

test('where it cannot start, the error says what Azurite said', async () => {
  const taken = join(location, 'taken')
  mkdirSync(join(taken, '__azurite_db_table__.json'), { recursive: true })
  await expect(startAzurite({ location: taken })).rejects.toThrow(/ended with exit code 1 before it listened:[^]*EISDIR/)
})
