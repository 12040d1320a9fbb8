import { afterAll, expect, it, vi } from 'vitest'
import { serveApp } from './support/served-app.ts'
import { type LogLine, recorder } from './support/world.ts'

afterAll(() => vi.unstubAllEnvs())

it('with a broken configuration the functions answer that they are blocked and why, and log it once, without a value', async () => {
  const lines: LogLine[] = []
  const served = await serveApp({
    DEFENDER_TENANT_ID: 'contoso',
    SYNC_SCHEDULE: 'every-morning',
    STORAGE_CONNECTION_STRING: 'AccountName=a;AccountKey=c2VjcmV0',
    TABLE_PREFIX: 'Not-A-Prefix',
  })
  served.useOutside({ log: recorder(lines) })

  await served.app.runTimer('tick')
  await served.app.runTimer('tick')
  await served.app.runTimer('catalogue')
  const { status, text, json } = await served.call('/api/health', { key: '' })
  expect([status, json['status'], json['lastTickAt']]).toEqual([503, 'blocked', null])
  for (const name of ['DEFENDER_TENANT_ID', 'SYNC_SCHEDULE', 'TABLE_PREFIX']) expect(json['detail']).toContain(name)
  expect(await served.call('/api/snapshots')).toMatchObject({ status: 503 })
  expect(await served.call('/api/sync', { method: 'POST' })).toMatchObject({ status: 503 })
  expect(await served.call('/api/sync', { method: 'POST', key: '' })).toMatchObject({ status: 401 })
  expect(lines).toMatchObject([{ level: 'error', event: 'configuration.broken' }])
  expect(text + JSON.stringify(lines)).not.toMatch(/contoso|every-morning|c2VjcmV0|Not-A-Prefix/)
  await served.app.terminate()
})
