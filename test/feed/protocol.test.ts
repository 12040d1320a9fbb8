import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { TENANT } from '../support/api.ts'
import { ROOT } from './feed.ts'
import type { History } from './history.ts'
import { startHistoryFeed } from './history-feed.ts'

let feed: Awaited<ReturnType<typeof startHistoryFeed>>['feed']
let history: History
let missing: FeedRow[]

beforeAll(async () => {
  ;({ feed, history } = await startHistoryFeed())
  missing = history.rows.MissingKbs
})
afterAll(() => feed.service.close())

describe('headers', () => {
  it('every answer says its version once, is not cached unless it is the metadata, and is taken for nothing else', async () => {
    for (const path of ['/', '/$metadata', '/Kbs', '/Kbs/$count', '/Nothing', '/Kbs?$foo=1', '/Kbs?$expand=x']) {
      const { headers } = await feed.get(path)
      expect(headers.get('odata-version')).toBe('4.0')
      expect(headers.get('cache-control')).toBe(path === '/$metadata' ? 'private, max-age=300' : 'no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('OData-MaxVersion below 4.0 is refused, and says why; MaxDataServiceVersion is about other versions', async () => {
    const { status, json } = await feed.get('/Kbs', { headers: { 'odata-maxversion': '3.0' } })
    expect([status, json.error]).toEqual([
      400,
      { code: 'UnsupportedVersion', message: 'The feed is OData 4.0; OData-MaxVersion was "3.0".' },
    ])
    for (const headers of [
      { 'odata-maxversion': '4.0', maxdataserviceversion: '3.0' },
      { maxdataserviceversion: '3.0' },
      { 'odata-maxversion': '4.01' },
    ]) {
      expect((await feed.get('/Kbs', { headers: headers })).status).toBe(200)
    }
  })

  it('what takes Atom only is refused with 406; the metadata and counts are not', async () => {
    const headers = { accept: 'application/atom+xml' }
    expect((await feed.get('/Kbs', { headers })).status).toBe(406)
    expect((await feed.get('/', { headers })).status).toBe(406)
    expect((await feed.get('/$metadata', { headers })).status).toBe(200)
    expect((await feed.get('/Kbs/$count', { headers: { accept: 'application/json' } })).text).toBe(String(history.kbIds.length))
  })

  it('metadata=none leaves the context out and the links in; metadata=full names types and addresses', async () => {
    const none = await feed.get('/MissingKbs?$count=true', {
      headers: { accept: 'application/json;odata.metadata=none', prefer: 'odata.maxpagesize=1' },
    })
    expect(Object.keys(none.json)).toEqual(['@odata.count', 'value', '@odata.nextLink'])
    expect(none.headers.get('content-type')).toContain('odata.metadata=none')
    const [row = {}] = (await feed.get('/KbTotals?$top=1', { headers: { accept: 'application/json;odata.metadata=full' } })).json.value
    expect(row).toMatchObject({ '@odata.type': '#patchtrail.KbTotal', 'appeared@odata.type': '#Int32', 'at@odata.type': '#DateTimeOffset' })
    expect((await feed.get(`${ROOT}/${String(row['@odata.id'])}`)).json).toMatchObject({ snapshotId: row['snapshotId'], kbId: row['kbId'] })
  })

  it('preferences are applied and said to be', async () => {
    const { headers, json } = await feed.get('/MissingKbs', {
      headers: { prefer: 'respond-async, odata.maxpagesize=3, omit-values=nulls' },
    })
    expect(headers.get('preference-applied')).toBe('odata.maxpagesize=3, omit-values=nulls')
    expect(json.value).toHaveLength(3)
    expect(json.value.flatMap((row) => Object.values(row))).not.toContain(null)
    const sortedReply = await feed.get('/MissingKbs?$orderby=daysMissing desc', { headers: { prefer: 'odata.maxpagesize=3' } })
    expect([sortedReply.headers.get('preference-applied'), sortedReply.json.value.length]).toEqual(['odata.maxpagesize=3', 3])
    expect((await feed.get('/MissingKbs', { headers: { prefer: 'maxpagesize=2' } })).headers.get('preference-applied')).toBe(
      'maxpagesize=2',
    )
    for (const prefer of ['odata.maxpagesize=0', 'odata.maxpagesize=x', 'return=minimal', '']) {
      const reply = await feed.get('/MissingKbs', { headers: { prefer } })
      expect([reply.json.value.length, reply.headers.get('preference-applied')]).toEqual([missing.length, null])
    }
  })

  it('HEAD has the head of GET and no body', async () => {
    for (const path of ['/', '/$metadata', '/MissingKbs?$top=1', '/Kbs/$count', '/Nothing']) {
      const [head, get] = await Promise.all([feed.get(path, { method: 'HEAD' }), feed.get(path)])
      expect([head.status, head.text, [...head.headers]]).toEqual([get.status, '', [...get.headers]])
    }
  })

  it('bodies are compressed for those that take gzip, and only for those', async () => {
    expect((await feed.get('/MissingKbs', { headers: { 'accept-encoding': 'gzip, deflate' } })).headers.get('content-encoding')).toBe(
      'gzip',
    )
    expect((await feed.get('/MissingKbs')).headers.get('content-encoding')).toBeNull()
    expect((await feed.get('/MissingKbs', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers.get('content-encoding')).toBeNull()
  })
})

describe('what cannot be answered', () => {
  it.each(['$filter', '$top', '$skiptoken', 'tenantId', 'unknown', '%ff'])(
    '%s that is not encoded as it should is refused by name',
    async (name) => {
      for (const text of ['%', '%zz', '%ff', '%00', '%0a', '%ED%A0%80']) {
        const { status, json } = await feed.get(`${ROOT}/Kbs?${name}=${text}`)
        expect([status, json.error], text).toEqual([
          400,
          { code: 'BadRequest', message: expect.stringContaining(`"${name}" cannot be read`) as string },
        ])
      }
      expect((await feed.get(`${ROOT}/Kbs?$filter=machinesMissing%09gt%090`)).status).toBe(200)
    },
  )

  it('another tenant is not found, what is none cannot be read, and the own one changes nothing, in any case', async () => {
    for (const text of ['x', '', `${TENANT}0`])
      expect((await feed.get(`/Kbs?tenantId=${text}`)).json.error).toMatchObject({
        code: 'BadRequest',
        message: expect.stringContaining('tenantId must be a GUID') as string,
      })
    expect((await feed.get(`/Kbs?tenantId=${TENANT.toUpperCase()}`)).status).toBe(200)
    expect((await feed.get('/Kbs?tenantId=00000000-0000-4000-8000-000000000000')).status).toBe(404)
    expect((await feed.get(`/Kbs?tenantId=${TENANT}`)).status).toBe(200)
  })

  it('a storage that does not answer is 503 with Retry-After, never 401 or 403, and the log says more', async () => {
    const { missingKbs } = openTenant(feed.services).store
    const { RestError } = await import('@azure/data-tables')
    const span = missingKbs.span.bind(missingKbs)
    missingKbs.span = () => {
      throw new RestError('denied', { statusCode: 403 })
    }
    const { status, headers, json } = await feed.get('/MissingKbs')
    missingKbs.span = span
    expect([status, headers.get('retry-after'), json.error?.code]).toEqual([503, '30', 'StorageUnavailable'])
    expect(json.error?.message).not.toContain('denied')
  })
})
