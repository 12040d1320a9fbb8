import { afterEach, expect, test, vi } from 'vitest'
import { type HostLogEntry, loadFunctionApp } from '../../../dev/host/index.ts'

const entry = (path: string): string => new URL(path, import.meta.url).href

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['same-name-twice', 'A function with id "twice" has already been registered.'],
  ['same-route-twice', 'The route "api/same/{id}" of "two" conflicts with that of "one".'],
  ['throws', 'the entry is broken'],
  ['nothing', 'has registered no function'],
  ['start-hook-fails', 'start hook failed'],
  ['binding', 'has a binding "blobTrigger", which the local host does not have'],
  ['queue', '"q" of "queue" is not a valid queue name'],
  ['extra-output', 'has a queue as an extra output'],
])('an app is refused, and leaves the process free for another: %s', async (name, message) => {
  await expect(loadFunctionApp({ main: entry(`./fixture-refused/${name}.ts`) })).rejects.toThrow(message)
})

test('a setting that a schedule names and that is not set is named', async () => {
  const path = './fixture-prefix/app.ts'
  await expect(loadFunctionApp({ main: entry(path) })).rejects.toThrow('needs the setting FIXTURE_SCHEDULE, which is not set')
})

test('an app uses the host.json beside it, and its hooks run in order before anything else', async () => {
  vi.resetModules()
  vi.stubEnv('FIXTURE_SCHEDULE', '0 0 2 * * *')
  const log: HostLogEntry[] = []
  const app = await loadFunctionApp({ main: entry('./fixture-prefix/app.ts'), log: (line) => log.push(line) })
  expect(app.exports['started']).toEqual(['first', 'second'])
  expect(app.functions.map(({ trigger }) => trigger)).toContainEqual({ type: 'timerTrigger', schedule: '0 0 2 * * *' })
  const answer = await app.invokeHttp({ method: 'GET', url: '/my/own/hello' })
  expect(answer.body.toString()).toBe('replaced after first,second')
  expect(log).toContainEqual(expect.objectContaining({ message: 'a ***', category: 'user', functionName: 'hello' }))
  expect((await app.invokeHttp({ method: 'GET', url: '/api/hello' })).status).toBe(404)
  await app.terminate()
})
