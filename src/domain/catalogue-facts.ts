import { byText } from './by-text.ts'
import {
  bulletinOf,
  type ExploitedCve,
  type KbFacts,
  type KbProductFacts,
  type ReleaseRule,
  type Severity,
  type SuccessorRule,
  worseSeverity,
} from './kb-facts.ts'
import { isProductOfTenant, type TenantProduct } from './msrc-product.ts'

/** Over which products a figure is: those that the tenant's machines have, or all of the KB's where none of them is known to be there. */
export const PRODUCT_SCOPES = ['ownProducts', 'allProducts'] as const
export type ProductScope = (typeof PRODUCT_SCOPES)[number]

/** Since when a KB counts as exploited: the day of its listing by CISA, or the day on which MSRC was first seen here to say so. */
export const EXPLOITED_RULES = ['kev', 'msrc'] as const
export type ExploitedRule = (typeof EXPLOITED_RULES)[number]

/** What the public sources say of a KB to a tenant; what nothing is known of is left out: unknown, never "low" or "no". */
export interface CatalogueFacts {
  /** The day of release, `2026-04-14`; MSRC gives no time. */
  releasedAt: string
  /** The month of the document with most of its vulnerabilities, `202604`. */
  bulletin: string
  severity?: Severity
  cvss?: number
  exploited: boolean
  exploitedSince?: string
  ransomware?: boolean
  kevDueDate?: string
  supersededBy?: string[]
  fixedBuild?: string[]
  /** e.g. `MSRC 2026-Apr, CISA KEV`. */
  source: string
  sourceUrl: string
  /** The instant of the revision of MSRC's document that was read. */
  revisedAt: string
  /** The rule that gave each, and how many of its vulnerabilities agree on the day of release. */
  rules: {
    releasedAt: ReleaseRule
    cvesAgreeing: number
    cves: number
    products: ProductScope
    exploited?: ExploitedRule
    supersededBy?: SuccessorRule
  }
}

/** The facts of a KB for a tenant: severity, score, successor and build over the products that its machines have. */
export function factsFor(kb: KbFacts, productsOfTenant: readonly TenantProduct[]): CatalogueFacts {
  const own = kb.products.filter(({ name }) => productsOfTenant.some((product) => isProductOfTenant(name, product)))
  const scope = own.length > 0 ? own : kb.products
  const exploited = exploitedFacts(kb.exploited)
  const successors = successorFacts(scope)
  return {
    releasedAt: kb.released.day,
    bulletin: bulletinOf(kb.document.id) ?? '',
    ...worst(scope),
    exploited: kb.exploited.length > 0,
    ...exploited.facts,
    ...successors.facts,
    ...fixedBuilds(scope),
    source: `MSRC ${kb.document.id}${kb.exploited.some(({ kev }) => kev) ? ', CISA KEV' : ''}`,
    sourceUrl: `https://msrc.microsoft.com/update-guide/releaseNote/${kb.document.id}`,
    revisedAt: kb.document.revisedAt,
    rules: {
      releasedAt: kb.released.rule,
      cvesAgreeing: kb.released.cvesAgreeing,
      cves: kb.cves,
      products: own.length > 0 ? 'ownProducts' : 'allProducts',
      ...exploited.rule,
      ...successors.rule,
    },
  }
}

function worst(products: readonly KbProductFacts[]): Pick<CatalogueFacts, 'severity' | 'cvss'> {
  const severity = products.reduce<Severity | null>((found, product) => worseSeverity(found, product.severity), null)
  const scores = products.flatMap(({ cvss }) => (cvss === null ? [] : [cvss]))
  return { ...(severity !== null && { severity }), ...(scores.length > 0 && { cvss: Math.max(...scores) }) }
}

/** Both sources date it, and they differ: the earlier day counts. */
function exploitedFacts(cves: readonly ExploitedCve[]): {
  facts: Partial<CatalogueFacts>
  rule: Pick<CatalogueFacts['rules'], 'exploited'>
} {
  const listed = cves.flatMap(({ kev }) => (kev ? [kev] : []))
  const kevDay = earliest(listed.map(({ dateAdded }) => dateAdded))
  const msrcDay = earliest(cves.flatMap(({ msrcSince }) => (msrcSince === null ? [] : [msrcSince])))
  const exploitedSince = earliest([kevDay, msrcDay].filter((day) => day !== undefined))
  if (exploitedSince === undefined) return { facts: {}, rule: {} }
  const kevDueDate = earliest(listed.map(({ dueDate }) => dueDate))
  const facts = {
    exploitedSince,
    ...(listed.some(({ ransomware }) => ransomware) && { ransomware: true }),
    ...(kevDueDate !== undefined && { kevDueDate }),
  }
  return { facts, rule: { exploited: exploitedSince === kevDay ? 'kev' : 'msrc' } }
}

const earliest = (days: readonly string[]): string | undefined => [...days].sort(byText)[0]

/** Of several successors, one for each product, the rule that says least counts. */
function successorFacts(products: readonly KbProductFacts[]): {
  facts: Partial<CatalogueFacts>
  rule: Pick<CatalogueFacts['rules'], 'supersededBy'>
} {
  const successors = products.flatMap(({ supersededBy }) => (supersededBy ? [supersededBy] : []))
  if (successors.length === 0) return { facts: {}, rule: {} }
  const supersededBy = [...new Set(successors.flatMap(({ kbIds }) => kbIds))].sort(byText)
  return {
    facts: { supersededBy },
    rule: { supersededBy: successors.some(({ rule }) => rule === 'supercedence') ? 'supercedence' : 'fixedBuild' },
  }
}

function fixedBuilds(products: readonly KbProductFacts[]): Pick<CatalogueFacts, 'fixedBuild'> {
  const fixedBuild = [...new Set(products.flatMap(({ fixedBuild: build }) => (build === null ? [] : [build])))].sort(byText)
  return fixedBuild.length > 0 ? { fixedBuild } : {}
}
