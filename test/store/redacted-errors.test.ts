import { TableClient } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/program.ts'
import { redactText } from '../../src/redact-error.ts'
import { openStore } from '../../src/store/index.ts'
import { runTick } from '../../src/sync/index.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { breakOff, json, reset, startScriptedServer, status, type Step } from '../support/scripted-server.ts'
import { STORE_OPTIONS } from '../support/stores.ts'

const SIGNATURE = 'q2Zt1k9Y%2FaBcDeFgHiJkLmNoPqRsTuVwXyZ0123456%3D'
const SAS = `sv=2020-08-04&ss=t&srt=sco&sp=rwdlacu&se=2030-01-01T00:00:00Z&sig=${SIGNATURE}`
const TENANT = '11111111-2222-3333-4444-555555555555'

/** What a gateway says that has no use for a request: the address, as it came. */
const echo =
  (code: number, type: string): Step =>
  (request, response) => {
    const address = `https://account.table.core.windows.net${request.url}`
    const text = type.includes('json')
      ? JSON.stringify({ 'odata.error': { code: 'Odd', message: { value: address } } })
      : `<p>${address}</p>`
    response.writeHead(code, { 'content-type': type }).end(text)
  }

const STEPS: Record<string, Step> = {
  'an error page that repeats the address': echo(403, 'text/html'),
  'an error that repeats the address': echo(400, 'application/json'),
  'JSON that is a page': echo(404, 'text/html'),
  'a page where JSON was promised': (request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`<a href="${request.url}">`),
  'a 404 without a word': status(404),
  'a cut connection': reset,
  'half a body': breakOff('{"value":[', 'close'),
  'no list': json({ value: 'x' }, 500),
}

describe.each(Object.entries(STEPS))('over a signed address and %s', (_, step) => {
  it('neither log nor exception of a tick hold the signature', async () => {
    const server = await startScriptedServer(...Array.from({ length: 60 }, () => step))
    const outside = recordingOutside(Date.parse('2026-06-12T02:00:00Z'))
    const connectionString = `TableEndpoint=${server.url}/account;SharedAccessSignature=${SAS}`
    const program = createProgram({ DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: connectionString }, outside)
    if (program.kind === 'broken') throw new Error(JSON.stringify(program.problems))
    const options = { ...STORE_OPTIONS, allowInsecureConnection: true }
    program.services.store = openStore((name) => TableClient.fromConnectionString(connectionString, name, options), '')
    const thrown = await runTick(program).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(thrown).toBeInstanceOf(Error)
    const { message, stack, cause } = thrown as Error
    expect(server.log.join()).toContain(SIGNATURE)
    const shown = [message, stack, String(cause), ...outside.lines].join('\n')
    for (const secret of [SIGNATURE, decodeURIComponent(SIGNATURE), 'sig=q2']) expect(shown).not.toContain(secret)
  })
})

describe('a text for a log', () => {
  it.each([
    [`GET https://a.table.core.windows.net/machines()?${SAS} failed`, 'GET https://a.table.core.windows.net/machines()?[query] failed'],
    [`no answer to /machines()?${SAS}, sorry`, 'no answer to /machines()?[query] sorry'],
    [`the signature sig=${SIGNATURE} is wrong`, 'the signature sig=[secret] is wrong'],
    ['AccountName=a;AccountKey=c2VjcmV0;TableEndpoint=x', 'AccountName=a;AccountKey=[secret];TableEndpoint=x'],
    ["The MAC signature found in the HTTP request 'abc=' is not", 'The MAC signature found in the HTTP request [secret] is not'],
    ['authorization: SharedKeyLite acc:abc= and Bearer abc', 'authorization: SharedKeyLite acc:[secret] and Bearer [secret]'],
    ['what went wrong? nothing=0', 'what went wrong? nothing=0'],
    ['connect ECONNREFUSED 127.0.0.1:10002', 'connect ECONNREFUSED 127.0.0.1:10002'],
  ])('%s', (text, redacted) => expect(redactText(text)).toBe(redacted))
})
