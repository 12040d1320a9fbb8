import { byText, type ExportedKb } from '../../domain/index.ts'
import { kbKey } from './kb-key.ts'

/** A KB, with what rows call it: how many of them each name. */
export interface RegisteredKb {
  readonly kbId: string
  url: string | null
  readonly names: Map<string, { rows: number }>
}

/** A product, with its pairs by the number of their KB. */
export interface RegisteredProduct {
  readonly name: string | null
  readonly pairs: Map<number, number>
}

/** The pairs of KB and product that rows name, each under a number of its own: a set of a machine is a list of numbers. */
export class PairRegister {
  readonly #products = new Map<string | null, RegisteredProduct>()
  readonly #kbs = new Map<string, RegisteredKb>()
  readonly #pairs: { kb: RegisteredKb; product: string | null }[] = []
  /** Lists of machines are made of few different entries. */
  readonly #exported = new Map<string, ExportedKb>()

  product(name: string | null): RegisteredProduct {
    const found = this.#products.get(name) ?? { name, pairs: new Map() }
    this.#products.set(name, found)
    return found
  }

  pair({ name, pairs }: RegisteredProduct, kbId: string): number {
    const key = kbKey(Number(kbId), kbId.length)
    const found = pairs.get(key)
    if (found !== undefined) return found
    const kb = this.#kbs.get(kbId) ?? { kbId, url: null, names: new Map() }
    this.#kbs.set(kbId, kb)
    const pair = this.#pairs.push({ kb, product: name }) - 1
    pairs.set(key, pair)
    return pair
  }

  /** The KB of a pair that there is. */
  kbOf(pair: number): RegisteredKb {
    const found = this.#pairs[pair]
    if (found === undefined) throw new RangeError(`there is no pair ${pair}`)
    return found.kb
  }

  /** What rows called the KBs since this was asked last; the counting begins anew. */
  takeNames(): { kbId: string; url: string | null; names: [string, number][] }[] {
    const taken = [...this.#kbs.values()].flatMap(({ kbId, url, names }) => {
      const counted = [...names].flatMap(([name, { rows }]) => (rows > 0 ? [[name, rows] as [string, number]] : []))
      return counted.length > 0 || url !== null ? [{ kbId, url, names: counted }] : []
    })
    for (const { names } of this.#kbs.values()) for (const count of names.values()) count.rows = 0
    return taken
  }

  /** The KBs of a machine's pairs, by id; the same entry for the same KB and products. */
  kbsOf(pairs: readonly number[]): ExportedKb[] {
    const products = new Map<string, string[]>()
    for (const pair of pairs) {
      const { kb, product } = this.#pairs[pair] ?? { kb: this.kbOf(pair), product: null }
      const named = products.get(kb.kbId) ?? []
      if (product !== null) named.push(product)
      products.set(kb.kbId, named)
    }
    return [...products].sort(([one], [other]) => byText(one, other)).map(([kbId, names]) => this.#entry(kbId, names.sort(byText)))
  }

  #entry(kbId: string, productsNames: readonly string[]): ExportedKb {
    const key = JSON.stringify([kbId, productsNames])
    const found = this.#exported.get(key) ?? { kbId, productsNames }
    this.#exported.set(key, found)
    return found
  }
}
