import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables'
import { describe, expect, it, onTestFinished } from 'vitest'
import { STORAGE_OPTIONS } from '../../src/store/store.ts'
import { attemptTimeout } from '../../src/store/write-permit.ts'

/** A service that leaves its first requests without an answer. */
async function startSilent(silentTimes: number) {
  let requests = 0
  const server = createServer((_request, response) => {
    if (++requests > silentTimes) response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/account`, requests: () => requests }
}

/** `milliseconds` an attempt may take: long where one has to succeed, however busy the machine is. */
function openClient(url: string, milliseconds: number): TableClient {
  const retryOptions = { maxRetries: 2, retryDelayInMs: 0, maxRetryDelayInMs: 0 }
  const options = { ...STORAGE_OPTIONS, retryOptions, additionalPolicies: [attemptTimeout(milliseconds)], allowInsecureConnection: true }
  return new TableClient(url, 'machines', new AzureNamedKeyCredential('account', 'a2V5'), options)
}

describe('an attempt without an answer', () => {
  it('is given up, and made again', async () => {
    const service = await startSilent(2)
    expect(await openClient(service.url, 1_000).listEntities().next()).toEqual({ done: true, value: undefined })
    expect(service.requests()).toBe(3)
  })

  it('fails as a time-out when the repeats are used up', async () => {
    const service = await startSilent(Infinity)
    await expect(openClient(service.url, 50).listEntities().next()).rejects.toMatchObject({ name: 'RestError', code: 'ETIMEDOUT' })
    expect(service.requests()).toBe(3)
  })
})
