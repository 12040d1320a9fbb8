import { readWebAddress } from '../../defender/index.ts'
import { kbKey, readKbId } from './kb-key.ts'
import { decodeText, findText, ownText, QUOTE, rawText, rawTextAt } from './line-text.ts'
import type { MachineSets } from './machine-sets.ts'
import type { ExportRow, Spelling } from './member.ts'
import type { PairRegister, RegisteredKb, RegisteredProduct } from './pair-register.ts'
import { SteadyText } from './steady-text.ts'

const LONGEST_KB_ID = 8

const ZERO = 0x30

/** No pair: an empty id, one that is none of a KB, and what cannot be read where it stands. */
const [EMPTY, OTHER, UNREAD] = [-1, -2, -3]

/** Finds the pair of KB and product that a row names, for the machine that the sets have turned to. */
export class KbReader {
  /** Rows whose id is none of a KB: `RHSA-2024:9315`. */
  otherIds = 0
  readonly #sets: MachineSets
  readonly #register: PairRegister
  readonly #spelling: Spelling
  readonly #productName = new SteadyText()
  #product: RegisteredProduct
  readonly #nameOf = new Map<RegisteredKb, { raw: string; count: { rows: number } }>()

  constructor(sets: MachineSets, register: PairRegister, spelling: Spelling) {
    this.#sets = sets
    this.#register = register
    this.#spelling = spelling
    this.#product = register.product(null)
  }

  /** Takes up the pair of a row that was parsed. */
  takeUp({ productName, kbId, kbName, url }: ExportRow): void {
    this.#productName.forget()
    this.#product = this.#register.product(productName)
    const pair = this.#pairOf(kbId)
    if (pair === OTHER) this.otherIds++
    if (pair < 0) return
    this.#sets.add(pair)
    const kb = this.#register.kbOf(pair)
    kb.url ??= readWebAddress(url)
    counted(kb, kbName)
  }

  /** Takes up the pair that a line names, whose KB id begins at `idAt`; false where that cannot be read as it stands. */
  read(line: string, idAt: number): boolean {
    if (line.startsWith('null', idAt)) return true
    if (line.charCodeAt(idAt) !== QUOTE || !(this.#productName.isSame(line) || this.#readProduct(line))) return false
    const pair = this.#pairAt(line, idAt + 1)
    if (pair === OTHER) this.otherIds++
    if (pair < 0) return pair !== UNREAD
    this.#sets.add(pair)
    return this.#countName(this.#register.kbOf(pair), line)
  }

  #readProduct(line: string): boolean {
    const spelling = this.#spelling.productName
    const raw = rawText(line, spelling)
    const name = decodeText(raw)
    if (raw === undefined || name === undefined) return false
    this.#product = this.#register.product(name)
    this.#productName.say(spelling, raw)
    return true
  }

  #pairAt(line: string, from: number): number {
    let digits = 0
    let at = from
    for (let digit: number; (digit = line.charCodeAt(at) - ZERO) >= 0 && digit <= 9; at++) digits = digits * 10 + digit
    const isKbId = line.charCodeAt(at) === QUOTE && at - from <= LONGEST_KB_ID
    const known = isKbId ? this.#product.pairs.get(kbKey(digits, at - from)) : undefined
    return known ?? this.#newPair(rawTextAt(line, from))
  }

  #newPair(raw: string | undefined): number {
    const id = decodeText(raw)
    return id === undefined ? UNREAD : this.#pairOf(id)
  }

  #pairOf(id: string | null): number {
    if (id === null) return EMPTY
    const kbId = readKbId(id)
    return kbId === undefined ? OTHER : this.#register.pair(this.#product, kbId)
  }

  #countName(kb: RegisteredKb, line: string): boolean {
    const known = this.#nameOf.get(kb)
    const nameAt = findText(line, this.#spelling.kbName)
    if (nameAt < 0) return false
    if (known && line.slice(nameAt, nameAt + known.raw.length) === known.raw) {
      known.count.rows++
      return true
    }
    const raw = rawTextAt(line, nameAt)
    const name = decodeText(raw)
    if (raw === undefined || name === undefined) return false
    if (!known) kb.url ??= readWebAddress(decodeText(rawText(line, this.#spelling.url)))
    this.#nameOf.set(kb, { raw: ownText(raw), count: counted(kb, name) })
    return true
  }
}

/** Counts a row that calls the KB so; the count goes on in what is returned. */
function counted({ names }: RegisteredKb, name: string | null): { rows: number } {
  const count = names.get(name ?? '') ?? { rows: 0 }
  if (name !== null) names.set(name, count)
  count.rows++
  return count
}
