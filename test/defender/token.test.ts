import type { AccessToken } from '@azure/identity'
import { describe, expect, it } from 'vitest'
import { createTokenSource, type Credential, type TokenSource } from '../../src/defender/index.ts'
import { recordingOutside, type RecordingOutside } from '../support/recording-outside.ts'

const NOW = Date.parse('2026-03-10T02:00:00Z')
const MINUTE = 60_000
const SCOPE = 'https://api.example/.default'

interface Setting {
  source: TokenSource
  outside: RecordingOutside
  /** What the credential was asked, in order. */
  asked: string[]
  /** Errors that the next questions fail with. */
  failures: Error[]
}

/** A credential that gives `token1`, `token2`, …, named by the question and good for an hour, or fails. */
function setting(...failures: Error[]): Setting {
  const outside = recordingOutside(NOW)
  const asked: string[] = []
  const answer = async (how: string, scope: string | string[]): Promise<AccessToken> => {
    asked.push(`${how} ${String(scope)}`)
    await Promise.resolve()
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    return { token: `token${asked.length}`, expiresOnTimestamp: outside.clock.now() + 60 * MINUTE }
  }
  const credential: Credential = { getToken: (scope) => answer('cached', scope), getFreshToken: (scope) => answer('fresh', scope) }
  return { source: createTokenSource({ credential, scope: SCOPE, clock: outside.clock }), outside, asked, failures }
}

describe('a token source', () => {
  it('keeps a token until five minutes before it expires', async () => {
    const { source, outside, asked } = setting()
    expect(await source.get()).toEqual({ kind: 'token', token: 'token1' })
    outside.advance(55 * MINUTE - 1)
    expect(await source.get()).toEqual({ kind: 'token', token: 'token1' })
    outside.advance(1)
    expect(await source.get()).toEqual({ kind: 'token', token: 'token2' })
    expect(asked).toEqual([`cached ${SCOPE}`, `cached ${SCOPE}`])
  })

  it('asks once for all calls that wait', async () => {
    const { source, asked } = setting()
    const results = await Promise.all(Array.from({ length: 8 }, () => source.get()))
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(new Set(['{"kind":"token","token":"token1"}']))
    expect(asked).toHaveLength(1)
  })

  it('asks past the caches, once, when calls were refused with its token', async () => {
    const { source, asked } = setting()
    await source.get()
    source.refuse('token1')
    source.refuse('token1')
    await Promise.all([source.get(), source.get()])
    // A call that was in flight with the old token comes back late.
    source.refuse('token1')
    expect(await source.get()).toEqual({ kind: 'token', token: 'token2' })
    expect(asked).toEqual([`cached ${SCOPE}`, `fresh ${SCOPE}`])
  })

  it('still asks past the caches after such an attempt has failed', async () => {
    const { source, asked, failures } = setting()
    await source.get()
    source.refuse('token1')
    failures.push(new Error('network_error'))
    expect(await source.get()).toMatchObject({ kind: 'fault' })
    expect(await source.get()).toEqual({ kind: 'token', token: 'token3' })
    expect(asked).toEqual([`cached ${SCOPE}`, `fresh ${SCOPE}`, `fresh ${SCOPE}`])
  })

  it('gives up a credential that does not answer', async () => {
    const credential: Credential = { getToken: () => new Promise(() => {}), getFreshToken: () => new Promise(() => {}) }
    const source = createTokenSource({ credential, scope: SCOPE, clock: recordingOutside(NOW).clock, timeoutMs: 20 })
    expect(await source.get()).toMatchObject({
      fault: { kind: 'identity', code: 'credentialUnavailable', detail: expect.stringContaining('20 ms') as unknown },
    })
  })

  const failed = async (error: Error) => {
    const result = await setting(error).source.get()
    return result.kind === 'fault' ? result.fault : undefined
  }

  it('explains a tenant without Defender', async () => {
    const text =
      'invalid_resource: AADSTS500011: The resource principal named https://api.securitycenter.microsoft.com was not found in the tenant'
    expect(
      await failed(new Error(`ChainedTokenCredential authentication failed.\nCredentialUnavailableError: no Azure CLI\n${text}`)),
    ).toEqual({
      kind: 'unauthorized',
      code: 'credentialUnavailable',
      detail: `Defender for Endpoint is not provisioned in this tenant, or DEFENDER_SCOPE is wrong. ${text}`,
    })
  })

  it('says what to set up if there is no credential at all', async () => {
    const fault = await failed(
      new Error('ChainedTokenCredential authentication failed.\nCredentialUnavailableError: EnvironmentCredential is unavailable.'),
    )
    expect(fault).toMatchObject({ kind: 'unauthorized', detail: expect.stringContaining('managed identity') as unknown })
  })

  it('takes errors of the network and of the service for an outage', async () => {
    const unavailable = Object.assign(new Error('ServerError: boom'), { status: 500 })
    expect(await failed(new Error('a\nb', { cause: unavailable }))).toMatchObject({ kind: 'identity' })
    expect(await failed(Object.assign(new Error('all failed'), { errors: [new Error('c', { cause: unavailable })] }))).toMatchObject({
      kind: 'identity',
    })
    expect(await failed(new Error('network_error: see x'))).toMatchObject({ kind: 'identity' })
    expect(await failed(new Error('AADSTS7000215: Invalid client secret provided.'))).toMatchObject({
      kind: 'unauthorized',
      detail: 'AADSTS7000215: Invalid client secret provided.',
    })
  })

  // As @azure/identity 4.13 tells of Microsoft Entra's answers: the status is always 400, and OAuth's word begins a line.
  const ofEntra = (line: string) =>
    Object.assign(
      new Error(`EnvironmentCredential authentication failed. To troubleshoot, visit x. Status code: 400\nMore details:\n${line}`),
      {
        name: 'AuthenticationError',
        statusCode: 400,
        errorResponse: { error: 'EnvironmentCredential authentication failed.', errorDescription: line },
      },
    )

  it.each([
    ['invalid_client: Error(s): 7000215 - Description: AADSTS7000215: Invalid client secret provided.', 'unauthorized', 'AADSTS7000215'],
    ['unauthorized_client: Error(s): 700016 - Description: AADSTS700016: Application not found', 'unauthorized', 'AADSTS700016'],
    ['invalid_resource: Error(s): 500011 - Description: AADSTS500011: no such resource', 'unauthorized', 'not provisioned'],
    ['consent_required: Error(s): 65001 - Description: AADSTS65001: network_error is not its cause', 'unauthorized', 'AADSTS65001'],
    ['temporarily_unavailable: Error(s): 90033 - Description: AADSTS90033: A transient error', 'identity', 'AADSTS90033'],
    ['server_error: Error(s): Not Available - Description: an invalid_client: is not its cause', 'identity', 'server_error'],
    ['network_error: See https://aka.ms/msal.js.errors#network_error for details', 'identity', ''],
  ])('decides about %s by its first word', async (line, kind, detail) => {
    expect(await failed(ofEntra(line))).toMatchObject({ kind, detail: expect.stringContaining(detail) as unknown })
  })

  it('shows no secret of an error', async () => {
    const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJodW50ZXIyIn0.aHVudGVyMg'
    const fault = await failed(new Error(`AADSTS1 failed: client_secret=hunter2&x Bearer hunter2 assertion ${jwt}`))
    expect(fault?.detail).not.toMatch(/hunter2|eyJ/)
  })
})
