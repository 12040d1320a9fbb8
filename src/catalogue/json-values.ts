import { isBlank, JSON_BYTES, JsonFault, JsonScan, type ScanKind } from './json-scan.ts'
import type { AnswerLimits } from './policy.ts'

/** What of a JSON text is taken: a value whole, under a name, or members of an object, or items of an array. */
export type Wanted =
  | { readonly take: string }
  /** `ends` is told behind the last member. */
  | { readonly members: Readonly<Record<string, Wanted>>; readonly ends?: string }
  | { readonly items: Wanted }

/** Who is told, in the order of the text. */
export interface JsonListener {
  /** The bytes of a value; undefined where it is too long. */
  value(name: string, bytes: Buffer | undefined): void
  ends(name: string): void
}

type Limits = Omit<AnswerLimits, 'bytes'>

const { quote, comma, colon, opensArray, closesArray, opensObject, closesObject } = JSON_BYTES
const LONGEST_KEY_BYTES = 256
const BYTE_ORDER_MARK = Buffer.from('\ufeff')

/** What may come next, between values. */
type Expecting = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'nothing'

/** What that has to be, where it is one byte. */
const BYTES = { key: quote, keyOrEnd: quote, colon, commaOrEnd: comma }

interface Level {
  wanted: Wanted
  isArray: boolean
  key: string
}

/**
 * Takes values out of a JSON text of any length while it comes: what is not wanted is passed over without being built, so a document of
 * 20 MB is never in memory as a whole. What is taken is for `JSON.parse`; what is passed over is only told apart.
 */
export class JsonValues {
  readonly #root: Wanted
  readonly #limits: Limits
  readonly #listener: JsonListener
  readonly #levels: Level[] = []
  readonly #scan: JsonScan
  #expecting: Expecting = 'value'
  #bytesOfMark = 0
  #taken = 0
  #reading: 'nothing' | 'key' | 'value' = 'nothing'
  /** Of the value that is being read, where it is wanted. */
  #name: string | undefined
  #pieces: Buffer[] = []
  #pieceBytes = 0

  constructor(root: Wanted, limits: Limits, listener: JsonListener) {
    this.#root = root
    this.#limits = limits
    this.#listener = listener
    this.#scan = new JsonScan(limits.depth)
  }

  /** The next bytes. Throws a `JsonFault`. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) at = this.#reading === 'nothing' ? this.#between(chunk[at] ?? 0, at) : this.#within(chunk, at)
  }

  /** Behind the last bytes. Throws a `JsonFault` where the text was not whole. */
  end(): void {
    if (this.#expecting !== 'nothing') throw new JsonFault('breaks off')
  }

  /** One byte between values, or the first of one; where to go on. */
  #between(byte: number, at: number): number {
    if (isBlank(byte) || this.#isOfMark(byte)) return at + 1
    const isArray = this.#levels.at(-1)?.isArray === true
    if (this.#expecting.endsWith('OrEnd') && byte === (isArray ? closesArray : closesObject)) return this.#close(at)
    if (this.#expecting === 'nothing') return unexpected(byte)
    if (this.#expecting === 'value' || this.#expecting === 'valueOrEnd') return this.#beginValue(byte, at)
    if (byte !== BYTES[this.#expecting]) return unexpected(byte)
    if (byte === quote) return this.#beginKey(at)
    this.#expecting = byte === colon || isArray ? 'value' : 'key'
    return at + 1
  }

  /** A byte order mark may stand before all. */
  #isOfMark(byte: number): boolean {
    return this.#levels.length === 0 && byte === BYTE_ORDER_MARK[this.#bytesOfMark] && ++this.#bytesOfMark > 0
  }

  /** The first byte of a value: it is gone into, taken, or passed over. */
  #beginValue(byte: number, at: number): number {
    const wanted = this.#wantedNext()
    if (wanted && 'members' in wanted && byte === opensObject) return this.#open({ wanted, isArray: false, key: '' }, at)
    if (wanted && 'items' in wanted && byte === opensArray) return this.#open({ wanted, isArray: true, key: '' }, at)
    const kind = kindOf(byte)
    if (this.#levels.length === 0 || kind === undefined) return unexpected(byte)
    this.#name = wanted && 'take' in wanted ? wanted.take : undefined
    if (this.#name !== undefined && ++this.#taken > this.#limits.values) throw new JsonFault(`has more than ${this.#limits.values} values`)
    this.#reading = 'value'
    this.#scan.begin(kind)
    return at
  }

  #wantedNext(): Wanted | undefined {
    const level = this.#levels.at(-1)
    if (!level) return this.#root
    if ('items' in level.wanted) return level.wanted.items
    return 'members' in level.wanted && Object.hasOwn(level.wanted.members, level.key) ? level.wanted.members[level.key] : undefined
  }

  #beginKey(at: number): number {
    this.#reading = 'key'
    this.#scan.beginInText()
    return at + 1
  }

  #open(level: Level, at: number): number {
    this.#levels.push(level)
    this.#expecting = level.isArray ? 'valueOrEnd' : 'keyOrEnd'
    return at + 1
  }

  #close(at: number): number {
    const level = this.#levels.pop()
    if (level && 'members' in level.wanted && level.wanted.ends !== undefined) this.#listener.ends(level.wanted.ends)
    this.#expecting = this.#levels.length === 0 ? 'nothing' : 'commaOrEnd'
    return at + 1
  }

  /** The bytes of what is being read, up to its end or the chunk's. */
  #within(chunk: Buffer, from: number): number {
    const end = this.#scan.endIn(chunk, from)
    const to = end < 0 ? chunk.length : end
    if (this.#reading === 'key' || this.#name !== undefined) this.#keep(chunk.subarray(from, to))
    if (end >= 0) this.#finish()
    return to
  }

  #keep(piece: Buffer): void {
    this.#pieceBytes += piece.length
    const isTooLong = this.#pieceBytes > (this.#reading === 'key' ? LONGEST_KEY_BYTES : this.#limits.valueBytes)
    this.#pieces = isTooLong ? [] : [...this.#pieces, piece]
  }

  #finish(): void {
    const [pieces, reading] = [this.#pieces, this.#reading]
    const [first] = pieces
    const whole = first && (pieces.length === 1 ? first : Buffer.concat(pieces))
    this.#pieces = []
    this.#pieceBytes = 0
    this.#reading = 'nothing'
    this.#expecting = reading === 'key' ? 'colon' : 'commaOrEnd'
    const level = this.#levels.at(-1)
    // What is too long is no name that is wanted. The closing quote is among the bytes.
    if (reading === 'key' && level) level.key = whole?.toString('utf8', 0, whole.length - 1) ?? ''
    else if (this.#name !== undefined) this.#listener.value(this.#name, whole)
  }
}

function kindOf(byte: number): ScanKind | undefined {
  if (byte === quote) return 'text'
  if (byte === opensArray || byte === opensObject) return 'container'
  return /[-\dtfn]/.test(String.fromCharCode(byte)) ? 'scalar' : undefined
}

function unexpected(byte: number): never {
  throw new JsonFault(`has an unexpected byte, ${byte.toString(16).padStart(2, '0')}`)
}
