import { type CatalogueFacts, factsFor } from './catalogue-facts.ts'
import { type DeadlineFacts, deadlineFacts } from './deadline.ts'
import type { KbAttributes } from './kb.ts'
import { type KbFacts, type KbProductFacts, SEVERITIES } from './kb-facts.ts'
import { isProductOfTenant, type TenantProduct } from './msrc-product.ts'

/** A KB, with the products that Defender names of it: those that the tenant's machines have. */
export type DescribedKb = Pick<KbAttributes, 'productsNames'> & { kbId: string }

/** The facts of KBs as they are to a tenant, each worked out once. */
export class TenantFacts {
  readonly #known: ReadonlyMap<string, KbFacts>
  readonly #shown = new Map<string, CatalogueFacts>()
  readonly #deadlines = new Map<string, DeadlineFacts>()

  /** By the ids that they are asked for. */
  constructor(known: ReadonlyMap<string, KbFacts>) {
    this.#known = known
  }

  /** All that is shown of a KB. */
  of(kb: DescribedKb): CatalogueFacts | undefined {
    return this.#once(this.#shown, kb, (facts) =>
      factsFor(
        facts,
        kb.productsNames.map((product) => ({ product })),
      ),
    )
  }

  /** What decides by when it is due. */
  forDeadline(kb: DescribedKb): DeadlineFacts | undefined {
    return this.#once(this.#deadlines, kb, (facts) => deadlineFacts(facts, kb.productsNames))
  }

  /** Of a KB that brings the cumulative update of a product, the day of its release. */
  cumulativeReleasedOn(kbId: string, product: TenantProduct): string | undefined {
    const facts = this.#known.get(kbId)
    const isOne = ({ updateClass, name }: KbProductFacts) =>
      (updateClass === 'cumulative' || updateClass === 'rollup') && isOfSystem(name) && isProductOfTenant(name, product)
    return facts?.products.some(isOne) ? facts.released.day : undefined
  }

  #once<Facts>(made: Map<string, Facts>, { kbId, productsNames }: DescribedKb, make: (facts: KbFacts) => Facts): Facts | undefined {
    const known = this.#known.get(kbId)
    if (!known) return undefined
    const key = `${kbId}\n${productsNames.join('\n')}`
    const facts = made.get(key) ?? make(known)
    made.set(key, facts)
    return facts
  }
}

/** What is exploited first, then by severity; what nothing is known of last. */
export function byExploited(
  one: Pick<CatalogueFacts, 'exploited' | 'severity'> | undefined,
  other: Pick<CatalogueFacts, 'exploited' | 'severity'> | undefined,
): number {
  return rankOf(one) - rankOf(other)
}

function rankOf(facts: Pick<CatalogueFacts, 'exploited' | 'severity'> | undefined): number {
  if (!facts) return 2 * (SEVERITIES.length + 1)
  const bySeverity = facts.severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(facts.severity)
  return bySeverity + (facts.exploited ? 0 : SEVERITIES.length + 1)
}

/** `.NET Framework 4.8 on Windows 10` has updates of its own. */
const isOfSystem = (msrcName: string): boolean => /^\s*windows /i.test(msrcName)
