import type { Outside } from '../outside.ts'
import { parseJson } from '../parse-json.ts'
import { readErrorBody } from './error-body.ts'
import type { FaultResult } from './fault.ts'
import { faultKind } from './policy.ts'
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

/** One GET, decoded. `operation` is the client's name for it, for the log; `path` begins with a slash. */
export async function call<T>(
  context: CallContext,
  operation: string,
  path: string,
  decode: (json: unknown) => Decoded<T>,
): Promise<{ kind: 'value'; value: T } | FaultResult> {
  const token = await context.token.get()
  if (token.kind === 'fault') return reported(context, operation, token)
  const answer = await context.transport.get(path, token.token)
  if (answer.kind === 'fault') return reported(context, operation, answer)
  if (answer.status === 401) context.token.refuse(token.token)
  if (answer.status !== 200) return reported(context, operation, statusFault(answer, token.token, context.outside.clock.now()))
  const json = parseJson(answer.text)
  if (json === undefined) return reported(context, operation, malformed(200, `${mediaType(answer.contentType)} is no JSON`))
  const decoded = decode(json)
  return decoded.ok ? { kind: 'value', value: decoded.value } : reported(context, operation, malformed(200, decoded.reason))
}

/** Logs a fault once, where it arises; its `target` is what Microsoft's support asks for. */
export function reported(context: CallContext, operation: string, result: FaultResult): FaultResult {
  const { kind, status, code, retryAfterSeconds, target } = result.fault
  context.outside.log.warn('defender.fault', { operation, kind, status, code, retryAfterSeconds, target })
  return result
}

function statusFault(answer: HttpAnswer, token: string, nowMs: number): FaultResult {
  const kind = faultKind(answer.status)
  const { code, message, target } = readErrorBody(answer.text, [token])
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
      ...(target === undefined ? {} : { target }),
    },
  }
}

/** What the body says it is: `text/html; charset=utf-8` -> `a text/html body`. */
function mediaType(contentType: string): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(contentType)?.[0]
  return type === undefined ? 'a body of no type' : `a ${type} body`
}
