import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readHostJson } from '../../../dev/host/host-json.ts'

const read = (extensions: object) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-host-json-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'host.json')
  writeFileSync(path, JSON.stringify({ version: '2.0', extensions }))
  return readHostJson(path)
}

test('queues have the defaults of the real host', () => {
  const defaults = { batchSize: 16, newBatchThreshold: 8, visibilityTimeoutSeconds: 0, maxDequeueCount: 5, messageEncoding: 'base64' }
  expect(read({})).toEqual({ routePrefix: 'api', queues: defaults })
  expect(read({ queues: {} }).queues).toEqual(defaults)
})

test('queues are read as they are set; the threshold is half of a batch, rounded down', () => {
  const set = { batchSize: 3, visibilityTimeout: '01:02:03', maxDequeueCount: 2, messageEncoding: 'none' }
  const expected = { batchSize: 3, newBatchThreshold: 1, visibilityTimeoutSeconds: 3723, maxDequeueCount: 2, messageEncoding: 'none' }
  expect(read({ queues: { ...set, maxPollingInterval: '00:00:02' } }).queues).toEqual(expected)
  expect(read({ queues: { ...set, newBatchThreshold: 0 } }).queues).toMatchObject({ newBatchThreshold: 0 })
})

test.each([
  ['batchSize', 33],
  ['batchSize', 0],
  ['newBatchThreshold', -1],
  ['visibilityTimeout', '30'],
  ['maxDequeueCount', 0],
  ['messageEncoding', 'Base65'],
])('%s: %o is refused, and named', (name, value) => {
  expect(() => read({ queues: { [name]: value } })).toThrow(new RegExp(`not a valid host.json[^]*queues.${name}`))
})
