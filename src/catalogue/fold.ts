import { byText, type ExploitedCve, type KbFacts, type KevEntry } from '../domain/index.ts'
import type { DocumentContribution, KbContribution, ProductContribution } from './contribution.ts'
import { unitedProduct } from './united-product.ts'
import { type SuccessorKb, successorsOf } from './successors.ts'

/** CISA's entries by vulnerability. */
export type Kev = ReadonlyMap<string, KevEntry>

/** A KB in a document. */
interface Part {
  document: DocumentContribution
  kb: KbContribution
}

/** What all documents together say of each KB, by number; the same in whatever order they come. */
export function foldFacts(documents: Iterable<DocumentContribution>, kev: Kev): KbFacts[] {
  const parts = new Map<string, Part[]>()
  const names = new Map<string, string>()
  for (const document of [...documents].sort((a, b) => byText(a.initialDay, b.initialDay) || byText(a.id, b.id))) {
    // Of a name that was written in two ways the later one holds.
    for (const [productId, name] of Object.entries(document.productNames)) names.set(productId, name)
    for (const kb of document.kbs) parts.set(kb.kbId, [...(parts.get(kb.kbId) ?? []), { document, kb }])
  }
  const folded = [...parts].map(([kbId, of]) => foldKb(kbId, of, kev)).sort((a, b) => byText(a.kbId, b.kbId))
  const successors = successorsOf(folded)
  return folded.map(({ products, ...kb }) => ({
    ...kb,
    products: products.map(({ productId, severity, cvss, fixedBuild, updateClass }) => ({
      ...{ productId, name: names.get(productId) ?? '', severity, cvss, fixedBuild, updateClass },
      supersededBy: successors(kb.kbId, productId),
    })),
  }))
}

type FoldedKb = Omit<KbFacts, 'products'> & SuccessorKb

function foldKb(kbId: string, parts: readonly Part[], kev: Kev): FoldedKb {
  const main = mainPart(parts)
  const cves = new Map<string, string | null>()
  const products = new Map<string, ProductContribution>()
  for (const { document, kb } of parts) {
    for (const { cve, exploitedSince } of kb.cves.flatMap((place) => document.cves[place] ?? []))
      cves.set(cve, earlier(cves.get(cve) ?? null, exploitedSince))
    for (const product of kb.products) {
      const known = products.get(product.productId)
      products.set(product.productId, known ? unitedProduct(known, product) : product)
    }
  }
  return {
    kbId,
    released: released(main),
    cves: cves.size,
    document: { id: main.document.id, revisedAt: main.document.revisedAt },
    products: [...products.values()].sort((a, b) => byText(a.productId, b.productId)),
    exploited: exploited(cves, kev),
  }
}

/**
 * The document with most of the KB's vulnerabilities: MSRC writes newer KBs into older vulnerabilities, so the earliest is not the one that
 * brought it. Of several the latest, for the same reason; parts come in the order of documents.
 */
const mainPart = (parts: readonly Part[]): Part =>
  parts.reduce((found, part) => (part.kb.cves.length >= found.kb.cves.length ? part : found))

/** The document's day, unless most of the vulnerabilities in it were first published on another day of that month: out of band. */
function released({ document: { initialDay }, kb: { firstDays } }: Part): KbFacts['released'] {
  const cvesOn = (day: string) => firstDays.find((of) => of.day === day)?.cves ?? 0
  const most = firstDays.reduce((found, of) => (of.cves > found.cves || (of.cves === found.cves && of.day < found.day) ? of : found), {
    day: initialDay,
    cves: cvesOn(initialDay),
  })
  const isOutOfBand = most.cves > cvesOn(initialDay) && most.day.slice(0, 7) === initialDay.slice(0, 7)
  const day = isOutOfBand ? most.day : initialDay
  return { day, rule: isOutOfBand ? 'firstRevisions' : 'document', cvesAgreeing: cvesOn(day) }
}

function exploited(cves: ReadonlyMap<string, string | null>, kev: Kev): ExploitedCve[] {
  const all = [...cves].map(([cve, msrcSince]) => ({ cve, msrcSince, kev: kev.get(cve) ?? null }))
  return all.filter(({ msrcSince, kev: entry }) => msrcSince !== null || entry).sort((a, b) => byText(a.cve, b.cve))
}

const earlier = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? (one ?? other) : one < other ? one : other
