import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import type { Api } from '../support/api.ts'
import { apiOver, FOURTH, WEEKS } from './weeks.ts'

let service: RunningTableService
let api: Api

beforeAll(async () => {
  service = await startTableService()
  ;({ api } = await apiOver(service, '', WEEKS))
})
afterAll(() => service.close())

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'
const VALUES: Record<string, string> = { machineId: '0a', kbId: '5094127', snapshotId: FOURTH, month: '202606' }
const reads = routes.filter(({ method }) => method === 'GET')

it.each(reads.map((route) => [route.path, route] as const))('%s is refused to nobody for what is accepted', async (_path, { path }) => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? '')
  const address = `/api/${filled}${path === 'search' ? '?q=srv' : ''}`
  const usual = await api.call(address)
  expect(usual.headers.get('content-type')).toMatch(/^application\/(problem\+)?json; charset=utf-8$/)
  for (const accept of [
    '',
    '*/*',
    BROWSER,
    'text/html',
    'application/xml',
    'image/png, text/html;q=0.5',
    'application/json;q=0',
    'nonsense',
  ]) {
    const { status, text, headers } = await api.call(address, { headers: { accept } })
    expect([status, headers.get('content-type'), text], accept).toEqual([usual.status, usual.headers.get('content-type'), usual.text])
    const refused = await api.call(`${address}${address.includes('?') ? '&' : '?'}typo=1`, { headers: { accept } })
    expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
  }
})
