import pLimit from 'p-limit'
import {
  type CatalogueFacts,
  type Deadline,
  type DescribedKb,
  dueOf,
  type DuePair,
  firstKbs,
  foldedKbId,
  type Policy,
  type RuledMachine,
  TenantFacts,
} from '../domain/index.ts'
import type { KnownCatalogue, TenantStore } from '../store/index.ts'

/** As in the attributes of a machine's KBs: enough to hide the latency of storage. */
const READS_AT_ONCE = 16
/** Of more KBs that are not described yet, all of the tenant are read, which is a request for every 1,000. */
const MOST_SINGLE_READS = 50

/** What deadlines are read from. */
export interface DeadlineSource {
  store: Pick<TenantStore, 'kbs'>
  catalogue: Pick<KnownCatalogue, 'factsOf'>
  config: { policy: Policy }
}

/** Facts and deadlines of what a tenant's machines miss, for one answer: looked up as they are needed, and once. */
export class Deadlines {
  readonly #source: DeadlineSource
  /** By folded id. */
  readonly #described = new Map<string, DescribedKb>()
  #facts = new TenantFacts(new Map())

  constructor(source: DeadlineSource) {
    this.#source = source
  }

  /** Looks up KBs that are described already. */
  async describe(kbs: Iterable<DescribedKb>): Promise<void> {
    const before = this.#described.size
    for (const { kbId, productsNames } of kbs) if (!this.#described.has(foldedKbId(kbId))) this.#add({ kbId, productsNames })
    if (this.#described.size > before) await this.#lookUp()
  }

  /** Looks up what the exposures of pairs began with as well. */
  async know(pairs: Iterable<Pick<DuePair, 'kbId' | 'exposedWith'>>): Promise<void> {
    const needed = new Map([...pairs].flatMap((pair) => [pair.kbId, ...firstKbs(pair)].map((kbId) => [foldedKbId(kbId), kbId])))
    const unknown = [...needed].filter(([id]) => !this.#described.has(id)).map(([, kbId]) => kbId)
    if (unknown.length === 0) return
    for (const kb of await this.#read(unknown)) this.#add(kb)
    // One that the tenant knows no more is a KB all the same.
    for (const kbId of unknown) if (!this.#described.has(foldedKbId(kbId))) this.#add({ kbId, productsNames: [] })
    await this.#lookUp()
  }

  /** What is known of a KB that was looked up. */
  facts(kbId: string): CatalogueFacts | undefined {
    const kb = this.#described.get(foldedKbId(kbId))
    return kb && this.#facts.of(kb)
  }

  /** By when a pair is due whose KBs were looked up. */
  of(pair: DuePair, machine: RuledMachine): Deadline {
    return dueOf(pair, (kbId) => this.#forDeadline(kbId), this.#source.config.policy, machine)
  }

  get policyName(): string {
    return this.#source.config.policy.name
  }

  #forDeadline(kbId: string) {
    const kb = this.#described.get(foldedKbId(kbId))
    return kb && this.#facts.forDeadline(kb)
  }

  #add(kb: DescribedKb): void {
    this.#described.set(foldedKbId(kb.kbId), kb)
  }

  async #lookUp(): Promise<void> {
    const kbIds = [...this.#described.values()].map(({ kbId }) => kbId)
    this.#facts = new TenantFacts(await this.#source.catalogue.factsOf(kbIds))
  }

  async #read(kbIds: readonly string[]): Promise<DescribedKb[]> {
    const { kbs } = this.#source.store
    if (kbIds.length <= MOST_SINGLE_READS) {
      const inTurn = pLimit(READS_AT_ONCE)
      const rows = await Promise.all(kbIds.map((kbId) => inTurn(() => kbs.get(kbId))))
      return rows.filter((row) => row !== undefined)
    }
    const all: DescribedKb[] = []
    for await (const page of kbs.pages()) all.push(...page)
    return all
  }
}
