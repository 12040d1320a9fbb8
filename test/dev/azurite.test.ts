import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
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

test('two of them share neither port nor tables', async () => {
  const [one, other] = await Promise.all([startAzurite(), startAzurite()])
  await clientOf(one.connectionString).createTable()
  await clientOf(one.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r' })
  await expect(clientOf(other.connectionString).getEntity('p', 'r')).rejects.toMatchObject({ statusCode: 404 })
  await Promise.all([one.close(), other.close()])
})

test('with a location, what was written is there after a restart', async () => {
  const first = await startAzurite({ location })
  await clientOf(first.connectionString).createTable()
  await clientOf(first.connectionString).createEntity({ partitionKey: 'p', rowKey: 'r', n: 7 })
  await first.close()
  const second = await startAzurite({ location })
  expect((await clientOf(second.connectionString).getEntity('p', 'r'))['n']).toBe(7)
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
