import { type DocumentFacts, toWire, type VulnerabilityFacts } from '../../dev/catalogue/wire.ts'
import type { DocumentContribution } from '../../src/catalogue/contribution.ts'
import { foldFacts, type Kev } from '../../src/catalogue/fold.ts'
import { JsonValues } from '../../src/catalogue/json-values.ts'
import { CATALOGUE_POLICY } from '../../src/catalogue/policy.ts'
import { DocumentReader, type ReadDocument, WANTED_OF_DOCUMENT } from '../../src/catalogue/read-document.ts'
import type { KbFacts } from '../../src/domain/index.ts'

/** A document of a month, of which a test says what matters to it. */
export const documentOf = (vulnerabilities: readonly VulnerabilityFacts[], parts: Partial<DocumentFacts> = {}): DocumentFacts => ({
  ...{ id: '2026-Apr', initialReleaseDate: '2026-04-14T07:00:00', currentReleaseDate: '2026-04-30T07:00:00', vulnerabilities },
  products: [
    { productId: '1', name: 'Windows 11 Version 24H2 for x64-based Systems' },
    { productId: '2', name: 'Windows Server 2025' },
  ],
  ...parts,
})

/** A vulnerability that a KB closes. */
export const vulnerability = (parts: Partial<VulnerabilityFacts> & { kb?: string } = {}): VulnerabilityFacts => ({
  ...{ cve: 'CVE-2026-20001', exploited: false, scores: [], revisions: ['2026-04-14T07:00:00'] },
  severities: [{ severity: 'Important', productIds: ['1', '2'] }],
  fixes: [{ text: parts.kb ?? '5083769', productIds: ['1', '2'], subType: 'Security Update' }],
  ...parts,
})

/** What a document comes to that comes in pieces; a text, as it is sent. */
export function readDocument(document: DocumentFacts | string, id = '2026-Apr', pieceBytes = 4_096): ReadDocument {
  const reader = new DocumentReader()
  const values = new JsonValues(WANTED_OF_DOCUMENT, CATALOGUE_POLICY.answers.document, reader)
  const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(toWire(document)))
  for (let at = 0; at < bytes.length; at += pieceBytes) values.push(bytes.subarray(at, at + pieceBytes))
  values.end()
  return reader.finish(id, ({ lastDay }) => lastDay ?? null)
}

export function contributionOf(document: DocumentFacts): DocumentContribution {
  const read = readDocument(document, document.id)
  if (read.kind !== 'read') throw new Error(`the document is refused: ${read.code}`)
  return read.document
}

/** The facts of each KB that some documents come to. */
export const factsOf = (documents: readonly DocumentFacts[], kev: Kev = new Map()): Map<string, KbFacts> =>
  new Map(foldFacts(documents.map(contributionOf), kev).map((kb) => [kb.kbId, kb]))
