import type { Dispatcher } from 'undici'
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts'
import type { FaultResult } from './fault.ts'
import { networkFault } from './network-fault.ts'
import { DEFENDER_POLICY } from './policy.ts'

/** What came back over HTTP, of any status; the body is complete for 200, and cut off where it is only read for its message. */
export interface HttpAnswer {
  kind: 'answer'
  status: number
  contentType: string
  retryAfter: string | undefined
  text: string
  bytes: number
}

export interface Transport {
  /** One GET, never redirected, never repeated. `path` begins with a slash. An answer of more than `mostBytes` is none. */
  get(path: string, token: string, mostBytes: number): Promise<HttpAnswer | FaultResult>
  /** Waits for the calls in flight, which the call timeout bounds. */
  close(): Promise<void>
}

/** Kept-alive connections to one origin, through the environment's proxy where there is one. */
export function createTransport(options: DispatcherOptions): Transport {
  const { origin, callTimeoutMs } = options
  const dispatcher = createDispatcher(options)
  return {
    async get(path, token, mostBytes) {
      // The call timeout is about a real network, so it runs by real time whatever the program's clock says.
      const signal = AbortSignal.timeout(callTimeoutMs)
      try {
        const headers = {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'patchtrail',
        }
        return await readAnswer(await dispatcher.request({ origin, method: 'GET', path, headers, signal }), mostBytes)
      } catch (error) {
        return { kind: 'fault', fault: networkFault(error, signal.aborted, token) }
      }
    },
    close: () => dispatcher.close(),
  }
}

async function readAnswer(response: Dispatcher.ResponseData, mostBytes: number): Promise<HttpAnswer | FaultResult> {
  const status = response.statusCode
  const body = status === 200 ? await readWhole(response, mostBytes) : { text: await readBeginning(response.body), bytes: 0 }
  if (body.text === undefined) {
    return malformed(status, `the body is ${body.problem}`)
  }
  const answer = {
    status,
    contentType: header(response, 'content-type') ?? '',
    retryAfter: header(response, 'retry-after'),
    text: body.text,
    bytes: body.bytes,
  }
  return { kind: 'answer', ...answer }
}

/** A fault for an answer that cannot be read: a proxy or a gateway may have made it, so it is worth asking again. */
export function malformed(status: number, problem: string): FaultResult {
  return { kind: 'fault', fault: { kind: 'transient', status, code: 'malformedBody', detail: `HTTP ${status}, but ${problem}` } }
}

type Body = AsyncIterable<Uint8Array>

type Whole = { text: string; bytes: number } | { text: undefined; problem: string }

async function readWhole(response: Dispatcher.ResponseData, mostBytes: number): Promise<Whole> {
  // One that says that it is too large need not be read to be believed.
  const isTooLarge = Number(header(response, 'content-length') ?? 0) > mostBytes
  const { bytes, complete } = await readUpTo(response.body, isTooLarge ? 0 : mostBytes)
  if (!complete) return { text: undefined, problem: `larger than ${mostBytes} bytes` }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length }
  } catch {
    return { text: undefined, problem: 'no UTF-8' }
  }
}

/** The body of an error answer. One that breaks off is no reason to forget the status, which alone decides: a 429 stays a 429. */
async function readBeginning(body: Body): Promise<string> {
  try {
    const { bytes } = await readUpTo(body, DEFENDER_POLICY.largestErrorBodyBytes)
    return new TextDecoder().decode(bytes)
  } catch {
    return ''
  }
}

/** Leaving the loop early destroys the body and its socket; reading to the end frees the socket for the next call. */
async function readUpTo(body: Body, limit: number): Promise<{ bytes: Uint8Array; complete: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return { bytes: Buffer.concat(chunks), complete: false }
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks), complete: true }
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}
