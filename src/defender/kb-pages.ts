import { call, type CallContext, reported } from './call.ts'
import { transient, type FaultResult } from './fault.ts'
import type { MissingKb } from '../domain/index.ts'
import { type AnswerLimits, DEFENDER_POLICY } from './policy.ts'
import { decodeKbs } from './wire.ts'

/** May one more call be made? Reserves it in the budget. */
export type AnotherCall = () => Promise<boolean>

/** A question that KBs are the answer to. */
export interface KbQuestion {
  /** The client's name for it, for the log. */
  operation: string
  /** Begins with a slash. */
  path: string
  anotherCall: AnotherCall
}

/** The rows of all pages of an answer that lists KBs, with duplicates. Pages that cannot be followed to their end are no answer. */
export async function readKbPages(
  context: CallContext,
  { operation, path, anotherCall }: KbQuestion,
): Promise<{ kind: 'rows'; rows: MissingKb[]; dropped: number } | FaultResult> {
  const rows: MissingKb[] = []
  const kbIds = new Set<string>()
  let left: AnswerLimits = DEFENDER_POLICY.answers.missingKbs
  const visited = new Set<string>()
  let dropped = 0
  let next: string | null = context.origin + path
  while (next !== null) {
    const url = pageUrl(context.origin, next, visited)
    if (url.kind === 'fault') return reported(context, operation, url)
    if (visited.size > 0 && !(await anotherCall())) return PAGES_CUT_OFF
    visited.add(url.path)
    const page = await call(context, { operation, path: url.path, limits: left, decode: decodeKbs })
    if (page.kind === 'fault') return page
    const { kbs, nextLink } = page.value
    if (nextLink !== null && bringsNothingNew(kbs, kbIds))
      return reported(context, operation, transient('pageLoop', 'a page brought nothing new'))
    for (const kb of kbs) {
      rows.push(kb)
      kbIds.add(kb.kbId)
    }
    dropped += page.value.dropped
    const pageRows = kbs.length + page.value.dropped
    left = { ...left, bytes: left.bytes - page.bytes, rows: left.rows - pageRows }
    if (nextLink === null && contradicts(page.value.declaredRows, pageRows, rows.length + dropped)) {
      const detail = `${page.value.declaredRows} rows were announced, and others came`
      return reported(context, operation, transient('countContradicted', detail))
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
