import { html, type Answer } from '../simulator/answer.ts'
import type { DocumentFacts } from './wire.ts'

/**
 * What can go wrong with a public source; each was met by somebody, or is what a proxy does.
 * - `error500`: for hours, as in 2020
 * - `cut`: the connection breaks in the middle of the body
 * - `cutCleanly`: the body ends early, and nothing says so
 * - `hang`: no answer; `stall`: the half of a body and then nothing
 * - `html`: a proxy's page for people, with status 200
 * - `garbage`: no JSON
 * - `otherDocument`: a document that was not asked for
 * - `edgeOnly`: none of the KBs yet, as for some hours of a release day
 * - `shrunk`: one KB of ten
 */
export const CATALOGUE_FAULTS = [
  ...(['error500', 'cut', 'cutCleanly', 'hang', 'stall', 'html', 'garbage', 'otherDocument', 'edgeOnly', 'shrunk'] as const),
] as const
export type CatalogueFault = (typeof CATALOGUE_FAULTS)[number]

/** The document as a fault leaves it. */
export function changed(document: DocumentFacts, fault: CatalogueFault | undefined): DocumentFacts {
  if (fault === 'otherDocument') return { ...document, id: '2001-Jan' }
  if (fault === 'edgeOnly') return { ...document, vulnerabilities: document.vulnerabilities.map((one) => ({ ...one, fixes: [EDGE] })) }
  if (fault !== 'shrunk') return document
  const kbs = [...new Set(document.vulnerabilities.flatMap(({ fixes }) => fixes.map(({ text }) => text)))].sort()
  const kept = new Set(kbs.slice(0, Math.ceil(kbs.length / 10)))
  return {
    ...document,
    vulnerabilities: document.vulnerabilities.map((one) => ({ ...one, fixes: one.fixes.filter(({ text }) => kept.has(text)) })),
  }
}

const EDGE = { text: 'Release Notes', productIds: ['11655'], fixedBuild: '117.0.2045.31' }

/** A body as a fault sends it. */
export function broken(body: string, fault: CatalogueFault | undefined): Answer {
  const whole = { kind: 'complete' as const, status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body }
  switch (fault) {
    case 'error500':
      return { ...whole, status: 500, body: '{"error":{"code":"InternalServerError"}}' }
    case 'cut':
      return { ...whole, kind: 'truncated' }
    case 'cutCleanly':
      return { ...whole, body: body.slice(0, Math.floor(body.length * 0.7)) }
    case 'hang':
      return { kind: 'hang' }
    case 'stall':
      return { ...whole, kind: 'stalled' }
    case 'html':
      return html(200, 'Sign in to the proxy')
    case 'garbage':
      return { ...whole, body: body.replaceAll(':', ';') }
    case 'otherDocument':
    case 'edgeOnly':
    case 'shrunk':
    case undefined:
      return whole
  }
}
