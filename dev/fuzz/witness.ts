import { isUtf8 } from 'node:buffer'
import type { Served } from './fuzz-defender.ts'

/** What one question about a machine was answered, over all its pages, read by the book and by nothing of the program. */
export interface Testimony {
  look: number
  /** The ids of the KBs that are missing, as they are written. */
  kbIds: ReadonlySet<string>
}

/** Answers that could be believed: whole, well-formed, without an error, and of rows that each name a KB. */
export function testimonies(served: readonly Served[], machineId: string): Testimony[] {
  const pages = served.filter((one) => one.target === 'missingKbs' && one.machineId === machineId)
  const questions: Served[][] = []
  for (const page of pages) {
    if (page.page === 0) questions.push([])
    questions.at(-1)?.push(page)
  }
  return questions.flatMap((question) => testimonyOf(question) ?? [])
}

function testimonyOf(question: readonly Served[]): Testimony | undefined {
  const kbIds = new Set<string>()
  const pages = question.map(readPage)
  for (const [index, page] of pages.entries()) {
    // The link of the last page leads nowhere, and that of any other on.
    if (!page || page.isLinked !== index < pages.length - 1) return undefined
    for (const id of page.kbIds) kbIds.add(id)
  }
  return { look: question[0]?.look ?? -1, kbIds }
}

function readPage({ status, body }: Served): { kbIds: string[]; isLinked: boolean } | undefined {
  const json = status === 200 && body !== undefined && isUtf8(body) ? parsed(body) : undefined
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const { value, error, '@odata.nextLink': link, '@odata.count': count } = json as Record<string, unknown>
  if (!Array.isArray(value) || (error !== undefined && error !== null)) return undefined
  const ids = value.map(idOf)
  const isCountedOtherwise = typeof count === 'number' && Number.isInteger(count) && count > 0 && count < 2 ** 31 && value.length === 0
  if (isCountedOtherwise || ids.includes(undefined)) return undefined
  return { kbIds: ids.map(String), isLinked: typeof link === 'string' }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function idOf(row: unknown): string | undefined {
  const id = typeof row === 'object' && row !== null ? (row as Record<string, unknown>)['id'] : undefined
  const text = typeof id === 'string' || typeof id === 'number' ? String(id).trim() : ''
  return text === '' ? undefined : text
}
