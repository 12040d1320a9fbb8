import type { Outside } from '../outside.ts'
import { parseJson } from '../parse-json.ts'
import { namedAppRoles } from '../domain/index.ts'
import { type ErrorBody, readErrorBody } from './error-body.ts'
import type { FaultKind, FaultResult } from './fault.ts'
import { jsonExcess } from './json-excess.ts'
import { type AnswerLimits, faultKind } from './policy.ts'
import { retryAfterSeconds, throttledSeconds } from './retry-after.ts'
import type { TokenSource } from './token.ts'
import { malformed, type HttpAnswer, type Transport } from './transport.ts'
import type { Decoded } from './wire.ts'

/** What every call is made with. */
export interface CallContext {
  origin: string
  token: TokenSource
  transport: Transport
  outside: Pick<Outside, 'clock' | 'log'>
}

/** One GET. */
export interface Question<T> {
  /** The client's name for it, for the log. */
  operation: string
  /** Begins with a slash. */
  path: string
  limits: AnswerLimits
  decode: (json: unknown, limits: AnswerLimits) => Decoded<T>
}

/** One GET, decoded; `bytes` is the size of its body. */
export async function call<T>(
  context: CallContext,
  { operation, path, limits, decode }: Question<T>,
): Promise<{ kind: 'value'; value: T; bytes: number } | FaultResult> {
  const token = await context.token.get()
  if (token.kind === 'fault') return reported(context, operation, token)
  const answer = await context.transport.get(path, token.token, limits.bytes)
  if (answer.kind === 'fault') return reported(context, operation, answer)
  if (answer.status === 401) context.token.refuse(token.token)
  if (answer.status !== 200) return reported(context, operation, statusFault(answer, token.token, context.outside.clock.now()))
  const excess = jsonExcess(answer.text, limits)
  if (excess !== undefined) return reported(context, operation, malformed(200, `${mediaType(answer.contentType)} ${excess}`))
  const json = parseJson(answer.text)
  if (json === undefined) return reported(context, operation, malformed(200, `${mediaType(answer.contentType)} is no JSON`))
  const decoded = decode(json, limits)
  return decoded.ok
    ? { kind: 'value', value: decoded.value, bytes: answer.bytes }
    : reported(context, operation, malformed(200, decoded.reason))
}

/** Logs a fault once, where it arises; its `target` is what Microsoft's support asks for. */
export function reported(context: CallContext, operation: string, result: FaultResult): FaultResult {
  const { kind, status, code, retryAfterSeconds, target } = result.fault
  context.outside.log.warn('defender.fault', { operation, kind, status, code, retryAfterSeconds, target })
  return result
}

function statusFault(answer: HttpAnswer, token: string, nowMs: number): FaultResult {
  const body = readErrorBody(answer.text, [token])
  const kind = kindOf(answer.status, body)
  const { code, message, target } = body
  const seconds =
    kind === 'throttled' ? throttledSeconds(answer.retryAfter, message ?? '', nowMs) : retryAfterSeconds(answer.retryAfter, nowMs)
  return {
    kind: 'fault',
    fault: {
      kind,
      status: answer.status,
      code: code ?? `http${answer.status}`,
      detail: message ?? `HTTP ${answer.status} with ${mediaType(answer.contentType)}`,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      ...(isRefusal(kind) && namedAppRoles(message ?? '').length > 0 ? { namesRole: true } : {}),
      ...(target === undefined ? {} : { target }),
    },
  }
}

/** A refusal is Defender's only in Defender's words: gateways and proxies answer 401 and 403 as well, in HTML or with nothing. */
function kindOf(status: number, { code }: ErrorBody): FaultKind {
  const kind = faultKind(status)
  return isRefusal(kind) && code === undefined ? 'transient' : kind
}

const isRefusal = (kind: FaultKind) => kind === 'unauthorized' || kind === 'forbidden'

/** What the body says it is: `text/html; charset=utf-8` -> `a text/html body`. */
function mediaType(contentType: string): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(contentType)?.[0]
  return type === undefined ? 'a body of no type' : `a ${type} body`
}
