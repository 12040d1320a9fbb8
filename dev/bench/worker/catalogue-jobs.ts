import { readFileSync } from 'node:fs'
import { refreshCatalogue } from '../../../src/catalogue/index.ts'
import { JsonValues } from '../../../src/catalogue/json-values.ts'
import { CATALOGUE_POLICY } from '../../../src/catalogue/policy.ts'
import { DocumentReader, WANTED_OF_DOCUMENT } from '../../../src/catalogue/read-document.ts'
import { keepParserLean } from '../../../src/lean-heap.ts'
import type { Program } from './timed.ts'

/** As bodies come over HTTP. */
const CHUNK_BYTES = 65_536

/** One run, as the timer has it; how many documents it read. */
export async function refresh(program: Program): Promise<{ read: number }> {
  keepParserLean()
  const result = await refreshCatalogue(program())
  if (result.kind !== 'refreshed' || result.failed > 0) throw new Error(`the catalogue was not refreshed: ${JSON.stringify(result)}`)
  return { read: result.read }
}

/** The document of a file, in memory before: read while it comes, or by `JSON.parse` as a whole. */
export async function parseDocument(_: Program, path: string, how: 'streamed' | 'whole'): Promise<{ milliseconds: number; kbs: number }> {
  const bytes = readFileSync(path)
  const startedAt = performance.now()
  const kbs = how === 'streamed' ? kbsOf(bytes) : (JSON.parse(bytes.toString()) as { Vulnerability: unknown[] }).Vulnerability.length
  return { milliseconds: performance.now() - startedAt, kbs }
}

function kbsOf(bytes: Buffer): number {
  const reader = new DocumentReader()
  const values = new JsonValues(WANTED_OF_DOCUMENT, CATALOGUE_POLICY.answers.document, reader)
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) values.push(bytes.subarray(at, at + CHUNK_BYTES))
  values.end()
  const read = reader.finish('2026-Sep', () => null)
  return read.kind === 'read' ? read.document.kbs.length : 0
}
