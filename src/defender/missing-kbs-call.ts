import { call, reported, type CallContext } from './call.ts'
import { transient, type FaultResult } from './fault.ts'
import { mergeKbs, type MissingKb } from '../domain/index.ts'
import { type AnswerLimits, DEFENDER_POLICY } from './policy.ts'
import { decodeKbs } from './wire.ts'

/** `dropped` rows had no id. `observedAt` is the instant (ISO 8601 UTC) at which the answer was complete. */
export type MissingKbsResult = { kind: 'observed'; kbs: MissingKb[]; dropped: number; observedAt: string } | FaultResult

/** May one more call be made? Reserves it in the budget. */
export type AnotherCall = () => Promise<boolean>

/** The KBs that a machine misses, of all pages of the answer: https://learn.microsoft.com/defender-endpoint/api/get-missing-kbs-machine */
export async function missingKbs(context: CallContext, machineId: string, anotherCall: AnotherCall): Promise<MissingKbsResult> {
  const read = await readPages(context, machineId, anotherCall)
  if (read.kind === 'fault') return read
  const { rows, dropped } = read
  if (dropped > 0) context.outside.log.warn('defender.rowsDropped', { operation: 'missingKbs', machineId, dropped })
  const kbs = mergeKbs(rows)
  if (isTooLarge(kbs)) return noAnswer(context, 'answerTooLarge', `${kbs.length} KBs are more than one machine can miss`)
  return { kind: 'observed', kbs, dropped, observedAt: new Date(context.outside.clock.now()).toISOString() }
}

/** Only answers of more KBs than one transaction takes are kept as a whole while they are written down. */
function isTooLarge(kbs: readonly MissingKb[]): boolean {
  return kbs.length > DEFENDER_POLICY.kbsOfATransaction && JSON.stringify(kbs).length > DEFENDER_POLICY.largestAnswerCharacters
}

/** The rows of all pages, with duplicates. Pages that cannot be followed to their end are no answer. */
async function readPages(
  context: CallContext,
  machineId: string,
  anotherCall: AnotherCall,
): Promise<{ kind: 'rows'; rows: MissingKb[]; dropped: number } | FaultResult> {
  const rows: MissingKb[] = []
  const kbIds = new Set<string>()
  let left: AnswerLimits = DEFENDER_POLICY.answers.missingKbs
  const visited = new Set<string>()
  let dropped = 0
  let next: string | null = `${context.origin}/api/machines/${encodeURIComponent(machineId)}/getmissingkbs`
  while (next !== null) {
    const url = pageUrl(context.origin, next, visited)
    if (url.kind === 'fault') return reported(context, 'missingKbs', url)
    if (visited.size > 0 && !(await anotherCall())) return PAGES_CUT_OFF
    visited.add(url.path)
    const page = await call(context, { operation: 'missingKbs', path: url.path, limits: left, decode: decodeKbs })
    if (page.kind === 'fault') return page
    const { kbs, nextLink } = page.value
    if (nextLink !== null && bringsNothingNew(kbs, kbIds)) return noAnswer(context, 'pageLoop', 'a page brought nothing new')
    for (const kb of kbs) {
      rows.push(kb)
      kbIds.add(kb.kbId)
    }
    dropped += page.value.dropped
    const pageRows = kbs.length + page.value.dropped
    left = { ...left, bytes: left.bytes - page.bytes, rows: left.rows - pageRows }
    if (nextLink === null && contradicts(page.value.declaredRows, pageRows, rows.length + dropped)) {
      return noAnswer(context, 'countContradicted', `${page.value.declaredRows} rows were announced, and others came`)
    }
    next = nextLink === null ? null : absolute(nextLink, `${context.origin}${url.path}`)
  }
  return { kind: 'rows', rows, dropped }
}

/** An attempt like any other: an answer whose pages never fit into a slice must come to an end, too. */
const PAGES_CUT_OFF = transient('pagesCutOff', 'the slice ended before all pages of the answer had come')

/** Next links are followed on the configured origin only, as the token goes with them, and never to the same page twice. */
function pageUrl(origin: string, next: string, visited: ReadonlySet<string>): { kind: 'path'; path: string } | FaultResult {
  const url = URL.canParse(next) ? new URL(next) : undefined
  if (url?.origin !== origin) return transient('foreignNextLink', 'the next page is not on the configured host')
  const path = `${url.pathname}${url.search}`
  if (visited.has(path) || visited.size >= DEFENDER_POLICY.mostPages)
    return transient('pageLoop', `the pages do not end (${visited.size} read)`)
  return { kind: 'path', path }
}

/** A next link may be relative to the page that holds it; one that is no address at all is left for `pageUrl` to refuse. */
function absolute(link: string, base: string): string {
  return URL.canParse(link, base) ? new URL(link, base).href : link
}

/** An answer that announces other rows than it has is cut or mixed up; the count may be of its last page or of all. */
function contradicts(declaredRows: number | null, pageRows: number, allRows: number): boolean {
  return declaredRows !== null && declaredRows !== pageRows && declaredRows !== allRows
}

function bringsNothingNew(kbs: readonly MissingKb[], kbIds: ReadonlySet<string>): boolean {
  return kbs.length > 0 && kbs.every(({ kbId }) => kbIds.has(kbId))
}

function noAnswer(context: CallContext, code: string, detail: string): FaultResult {
  return reported(context, 'missingKbs', transient(code, detail))
}
