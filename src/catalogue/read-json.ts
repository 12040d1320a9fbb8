import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { createDispatcher, networkFault, type Proxies } from '../defender/index.ts'
import { JsonFault } from './json-scan.ts'
import { type JsonListener, JsonValues, type Wanted } from './json-values.ts'
import { type AnswerLimits, CATALOGUE_POLICY } from './policy.ts'

/** How the sources are reached. */
export interface Way {
  proxies: Proxies
  /** Other limits than the policy's: tests have no minutes. */
  answerMs?: number
  idleMs?: number
}

/** Why there is no answer: a word for rows and logs, and one line for people. */
export interface SourceFault {
  code: string
  detail: string
}

/** What is asked of a source. It is asked for whole documents, never about anything that a tenant has. */
export interface SourceQuestion {
  url: string
  wanted: Wanted
  limits: AnswerLimits
  listener: JsonListener
}

/**
 * Reads JSON from a public place while it comes; undefined where all of it came. One attempt, never redirected, on a connection of its own:
 * there are a few a day. Nothing of what was heard counts where there is a fault.
 */
export async function readJson(question: SourceQuestion, way: Way): Promise<SourceFault | undefined> {
  const { origin, pathname, search } = new URL(question.url)
  const { proxies, answerMs = CATALOGUE_POLICY.answerMs, idleMs = CATALOGUE_POLICY.idleMs } = way
  const dispatcher = createDispatcher({ origin, concurrency: 1, callTimeoutMs: idleMs, proxies })
  // About a real network, so by real time whatever the program's clock says.
  const signal = AbortSignal.timeout(answerMs)
  try {
    const headers = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'patchtrail' }
    const timeouts = { headersTimeout: idleMs, bodyTimeout: idleMs, signal }
    const answer = await dispatcher.request({ origin, method: 'GET', path: pathname + search, headers, ...timeouts })
    return refusal(answer, question.limits) ?? (await readBody(answer, question))
  } catch (error) {
    if (error instanceof JsonFault) return { code: 'malformed', detail: `the answer ${error.message}` }
    const { code, detail } = networkFault(error, signal.aborted, '')
    return { code, detail }
  } finally {
    await dispatcher.destroy()
  }
}

/** What can be told before the body: a mirror may call JSON whatever it likes, but not a page for people. */
function refusal({ statusCode, headers }: Dispatcher.ResponseData, { bytes }: AnswerLimits): SourceFault | undefined {
  const type = String(headers['content-type'] ?? '').slice(0, 60)
  const encoding = String(headers['content-encoding'] ?? 'identity')
  if (statusCode !== 200) return { code: `http${statusCode}`, detail: `HTTP ${statusCode}` }
  if (/html|xml/i.test(type)) return { code: 'contentType', detail: `the answer is ${type}` }
  if (!['identity', 'gzip'].includes(encoding))
    return { code: 'contentEncoding', detail: `the answer is encoded as ${encoding.slice(0, 20)}` }
  return Number(headers['content-length'] ?? 0) > bytes ? tooLarge(bytes) : undefined
}

async function readBody({ body, headers }: Dispatcher.ResponseData, question: SourceQuestion): Promise<SourceFault | undefined> {
  const { wanted, limits, listener } = question
  const values = new JsonValues(wanted, limits, listener)
  let bytes = 0
  const stream: AsyncIterable<Buffer> = headers['content-encoding'] === 'gzip' ? unzipped(body) : body
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > limits.bytes) return tooLarge(limits.bytes)
    values.push(chunk)
  }
  values.end()
  return undefined
}

/** Whoever reads it hears what went wrong with either. */
const unzipped = (body: Readable): Readable => pipeline(body, createGunzip(), () => undefined)

const tooLarge = (bytes: number): SourceFault => ({ code: 'tooLarge', detail: `the answer has more than ${bytes} bytes` })
