import type { Outside } from '../outside.ts'
import { parseJson } from '../parse-json.ts'
import { readErrorBody } from './error-body.ts'
import type { Fault } from './fault.ts'
import { mergeMachines, type Machine } from './machine.ts'
import { mergeKbs, type MissingKb } from './missing-kb.ts'
import { faultKind, DEFENDER_POLICY } from './policy.ts'
import { retryAfterSeconds, throttledSeconds } from './retry-after.ts'
import type { TokenSource } from './token.ts'
import { createTransport, malformed, type HttpAnswer, type Transport } from './transport.ts'
import { decodeKbs, decodeMachine, decodeMachines, type Decoded } from './wire.ts'

export type FaultResult = { kind: 'fault'; fault: Fault }

/** `dropped` rows had no id. `observedAt` is the instant (ISO 8601 UTC) at which the answer was complete. */
export type MissingKbsResult = { kind: 'observed'; kbs: MissingKb[]; dropped: number; observedAt: string } | FaultResult

/**
 * One page. The next one is at `skip + rows`, and there is one if `more`. `absent` is how Defender says that there are no machines:
 * https://learn.microsoft.com/defender-endpoint/api/get-machines
 */
export type ListResult = { kind: 'page'; machines: Machine[]; rows: number; more: boolean } | { kind: 'absent'; fault: Fault } | FaultResult

/** `absent`: Defender does not know this id, or says so; see the wrong 404s of `DEFENDER_POLICY.retriesInSlice`. */
export type MachineResult = { kind: 'machine'; machine: Machine } | { kind: 'absent'; fault: Fault } | FaultResult

/** May one more call be made? Reserves it in the budget. */
export type AnotherCall = () => Promise<boolean>

/** The calls of Defender for Endpoint. Each makes one attempt: whether, when and within which budget to repeat it is the caller's. */
export interface DefenderClient {
  /** The KBs that a machine misses. Every page after the first costs another call. */
  missingKbs(machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult>
  listMachines(page: { top: number; skip: number; filter?: string }): Promise<ListResult>
  machine(machineId: string): Promise<MachineResult>
  close(): Promise<void>
}

export interface DefenderClientOptions {
  /** Origin of the API, e.g. `https://api.security.microsoft.com`. */
  apiUrl: string
  concurrency: number
  callTimeoutMs?: number
  token: TokenSource
  outside: Pick<Outside, 'clock' | 'log'>
}

export function createDefenderClient(options: DefenderClientOptions): DefenderClient {
  const origin = new URL(options.apiUrl).origin
  const { concurrency, callTimeoutMs = DEFENDER_POLICY.callTimeoutMs } = options
  const context: CallContext = { ...options, origin, transport: createTransport({ origin, concurrency, callTimeoutMs }) }
  return {
    missingKbs: (machineId, anotherCall) => missingKbs(context, machineId, anotherCall),
    listMachines: (page) => listMachines(context, page),
    machine: (machineId) => machine(context, machineId),
    close: () => context.transport.close(),
  }
}

interface CallContext {
  origin: string
  token: TokenSource
  transport: Transport
  outside: Pick<Outside, 'clock' | 'log'>
}

async function missingKbs(context: CallContext, machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult> {
  const found: MissingKb[] = []
  const visited = new Set<string>()
  let dropped = 0
  let next: string | null = `${context.origin}/api/machines/${encodeURIComponent(machineId)}/getmissingkbs`
  while (next !== null) {
    const url = pageUrl(context, next, visited)
    if (url.kind === 'fault') return reported(context, 'missingKbs', url)
    if (visited.size > 1 && !(await anotherCall())) return PAGES_CUT_OFF
    const page = await call(context, 'missingKbs', url.path, decodeKbs)
    if (page.kind === 'fault') return page
    const { kbs, nextLink } = page.value
    if (nextLink !== null && kbs.length > 0 && kbs.every(({ kbId }) => found.some((kb) => kb.kbId === kbId))) {
      return reported(context, 'missingKbs', transient('pageLoop', 'a page brought nothing new'))
    }
    found.push(...kbs)
    dropped += page.value.dropped
    next = nextLink === null ? null : absolute(nextLink, `${context.origin}${url.path}`)
  }
  if (dropped > 0) context.outside.log.warn('defender.rowsDropped', { operation: 'missingKbs', machineId, dropped })
  const kbs = mergeKbs(found)
  if (isTooLarge(kbs))
    return reported(context, 'missingKbs', transient('answerTooLarge', `${kbs.length} KBs are more than one machine can miss`))
  return { kind: 'observed', kbs, dropped, observedAt: new Date(context.outside.clock.now()).toISOString() }
}

/** Only answers of more KBs than one transaction takes are kept as a whole while they are written down. */
function isTooLarge(kbs: readonly MissingKb[]): boolean {
  return kbs.length > DEFENDER_POLICY.kbsOfATransaction && JSON.stringify(kbs).length > DEFENDER_POLICY.largestAnswerCharacters
}

/** An attempt like any other: an answer whose pages never fit into a slice must come to an end, too. */
const PAGES_CUT_OFF: FaultResult = {
  kind: 'fault',
  fault: { kind: 'transient', code: 'pagesCutOff', detail: 'the slice ended before all pages of the answer had come' },
}

/** Next links are followed on the configured origin only, as the token goes with them, and never to the same page twice. */
function pageUrl({ origin }: CallContext, next: string, visited: Set<string>): { kind: 'path'; path: string } | FaultResult {
  const url = URL.canParse(next) ? new URL(next) : undefined
  if (url?.origin !== origin) return transient('foreignNextLink', 'the next page is not on the configured host')
  const path = `${url.pathname}${url.search}`
  if (visited.has(path) || visited.size >= DEFENDER_POLICY.mostPages)
    return transient('pageLoop', `the pages do not end (${visited.size} read)`)
  visited.add(path)
  return { kind: 'path', path }
}

function absolute(link: string, base: string): string {
  return URL.canParse(link, base) ? new URL(link, base).href : link
}

async function listMachines(
  context: CallContext,
  { top, skip, filter }: { top: number; skip: number; filter?: string },
): Promise<ListResult> {
  const query = [`$top=${top}`, `$skip=${skip}`, ...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`])]
  const page = await call(context, 'listMachines', `/api/machines?${query.join('&')}`, decodeMachines)
  if (page.kind === 'fault') return page.fault.status === 404 ? { kind: 'absent', fault: page.fault } : page
  const { machines, rows, dropped, nextLink } = page.value
  if (dropped > 0) context.outside.log.warn('defender.rowsDropped', { operation: 'listMachines', skip, dropped })
  // With $top there is no next link, so far; should there be one, the server's pages are smaller than asked for.
  return { kind: 'page', machines: mergeMachines(machines), rows, more: rows > 0 && (rows >= top || nextLink !== null) }
}

async function machine(context: CallContext, machineId: string): Promise<MachineResult> {
  const answer = await call(context, 'machine', `/api/machines/${encodeURIComponent(machineId)}`, decodeMachine)
  if (answer.kind === 'fault') return answer.fault.status === 404 ? { kind: 'absent', fault: answer.fault } : answer
  // Defender also takes a computer name for an id.
  if (answer.value.machineId !== machineId.toLowerCase())
    return reported(context, 'machine', transient('malformedBody', 'the answer is for another machine'))
  return { kind: 'machine', machine: answer.value }
}

/** One GET, decoded. */
async function call<T>(
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

/** What the body says it is, e.g. `a text/html body`. */
function mediaType(contentType: string): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(contentType)?.[0]
  return type === undefined ? 'a body of no type' : `a ${type} body`
}

function transient(code: string, detail: string): FaultResult {
  return { kind: 'fault', fault: { kind: 'transient', code, detail } }
}

/** Logs a fault once, where it arises; its `target` is what Microsoft's support asks for. */
function reported(context: CallContext, operation: string, result: FaultResult): FaultResult {
  const { kind, status, code, retryAfterSeconds, target } = result.fault
  context.outside.log.warn('defender.fault', { operation, kind, status, code, retryAfterSeconds, target })
  return result
}
