import { parseJson } from '../parse-json.ts'
import type { DocumentContribution, KbContribution, ProductContribution } from './contribution.ts'
import { dayOfText, instantOfText } from './cvrf-texts.ts'
import { fullProduct, tracking } from './cvrf-wire.ts'
import type { JsonListener, Wanted } from './json-values.ts'
import { unitedProduct } from './united-product.ts'
import { type Fix, readVulnerability, type Vulnerability, VULNERABILITY_MEMBERS, type VulnerabilityBytes } from './vulnerability.ts'

/** What is taken of a document. */
export const WANTED_OF_DOCUMENT: Wanted = {
  members: {
    DocumentTracking: { take: 'tracking' },
    ProductTree: { members: { FullProductName: { items: { take: 'product' } } } },
    Vulnerability: { items: { members: VULNERABILITY_MEMBERS, ends: 'vulnerability' } },
  },
}

/** What a document came to. */
export type ReadDocument =
  { kind: 'read'; document: DocumentContribution; unreadable: number } | { kind: 'refused'; code: 'noTracking' | 'otherDocument' | 'noKb' }

/** When a vulnerability was first seen as exploited, by what was known of the document before. */
export type ExploitedSince = (vulnerability: Pick<Vulnerability, 'cve' | 'lastDay'>) => string | null

interface KbSoFar {
  cves: Set<number>
  firstDays: Map<string, number>
  products: Map<string, ProductContribution>
}

/** Keeps of a document, while it comes, what it says of KBs. */
export class DocumentReader implements JsonListener {
  #tracking: Buffer | undefined
  readonly #names = new Map<string, string>()
  #member: VulnerabilityBytes = new Map()
  #unreadable = 0
  readonly #cves = new Map<string, { index: number; exploited: Vulnerability | undefined }>()
  readonly #kbs = new Map<string, KbSoFar>()

  value(name: string, bytes: Buffer | undefined): void {
    if (name === 'tracking') this.#tracking = bytes
    else if (name === 'product') this.#readProduct(bytes)
    else this.#member.set(name, bytes)
  }

  /** Of each vulnerability. */
  ends(): void {
    const read = readVulnerability(this.#member)
    this.#member = new Map()
    if (read === 'unreadable') this.#unreadable++
    else if (read !== 'noKb') this.#addVulnerability(read)
  }

  /** What the document came to that was asked for by this id. */
  finish(askedId: string, exploitedSince: ExploitedSince): ReadDocument {
    const read = tracking.safeParse(this.#tracking && parseJson(this.#tracking.toString('utf8'))).data
    const [initialDay, revisedAt] = [dayOfText(read?.InitialReleaseDate ?? ''), instantOfText(read?.CurrentReleaseDate ?? '')]
    if (!read || initialDay === undefined || revisedAt === undefined) return { kind: 'refused', code: 'noTracking' }
    const id = read.Identification.ID.Value.trim()
    if (id !== askedId) return { kind: 'refused', code: 'otherDocument' }
    if (this.#kbs.size === 0) return { kind: 'refused', code: 'noKb' }
    const kbs = [...this.#kbs].map(toKb)
    const productIds = new Set(kbs.flatMap(({ products }) => products.map(({ productId }) => productId)))
    const productNames = Object.fromEntries([...this.#names].filter(([productId]) => productIds.has(productId)))
    const cves = [...this.#cves].map(([cve, { exploited }]) => ({ cve, exploitedSince: exploited ? exploitedSince(exploited) : null }))
    return { kind: 'read', document: { id, initialDay, revisedAt, productNames, cves, kbs }, unreadable: this.#unreadable }
  }

  #readProduct(bytes: Buffer | undefined): void {
    const product = fullProduct.safeParse(bytes && parseJson(bytes.toString('utf8'))).data
    if (product) this.#names.set(product.ProductID, product.Value.trim())
    else this.#unreadable++
  }

  #addVulnerability(vulnerability: Vulnerability): void {
    const { cve, isExploited, firstDay, fixes } = vulnerability
    const known = this.#cves.get(cve)
    const index = known?.index ?? this.#cves.size
    this.#cves.set(cve, { index, exploited: isExploited ? vulnerability : known?.exploited })
    for (const fix of fixes) {
      const kb: KbSoFar = this.#kbs.get(fix.kbId) ?? { cves: new Set(), firstDays: new Map(), products: new Map() }
      this.#kbs.set(fix.kbId, kb)
      if (!kb.cves.has(index) && firstDay !== undefined) kb.firstDays.set(firstDay, (kb.firstDays.get(firstDay) ?? 0) + 1)
      kb.cves.add(index)
      addProducts(kb.products, fix)
    }
  }
}

function addProducts(products: KbSoFar['products'], { fixedBuild, updateClass, supersedes, products: ofFix }: Fix): void {
  for (const { productId, severity, cvss } of ofFix) {
    const said = { productId, severity, cvss, fixedBuild, updateClass, supersedes }
    const known = products.get(productId)
    products.set(productId, known ? unitedProduct(known, said) : said)
  }
}

const toKb = ([kbId, { cves, firstDays, products }]: [string, KbSoFar]): KbContribution => ({
  kbId,
  cves: [...cves],
  firstDays: [...firstDays].map(([day, count]) => ({ day, cves: count })),
  products: [...products.values()],
})
