/** The text is no JSON, or breaks off, or is more than the limits allow. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
}

/** Bytes that JSON is made of. */
export const JSON_BYTES = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  opensArray: 0x5b,
  closesArray: 0x5d,
  opensObject: 0x7b,
  closesObject: 0x7d,
} as const

const { comma, closesArray, closesObject } = JSON_BYTES

export const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** A text in quotes; a number, true, false or null; an array or an object. */
export type ScanKind = 'text' | 'scalar' | 'container'

/** Where a value ends that may go on over any number of chunks. Nothing is built of it. */
export class JsonScan {
  readonly #mostLevels: number
  #kind: ScanKind = 'scalar'
  #levels = 0
  #isInText = false
  #isEscaped = false

  constructor(mostLevels: number) {
    this.#mostLevels = mostLevels
  }

  /** Of a text whose first quote is behind. */
  beginInText(): void {
    this.begin('text')
    this.#isInText = true
  }

  begin(kind: ScanKind): void {
    this.#kind = kind
    this.#levels = 0
    this.#isInText = false
    this.#isEscaped = false
  }

  /** Behind its last byte in this chunk; -1 where it goes on. */
  endIn(chunk: Buffer, from: number): number {
    return this.#kind === 'scalar' ? endOfScalar(chunk, from) : this.#endOfNested(chunk, from)
  }

  /** The loop over every byte outside of texts. Its state is in locals, and what it compares with is written out: twice as fast. */
  #endOfNested(chunk: Buffer, from: number): number {
    const [isText, mostLevels, length] = [this.#kind === 'text', this.#mostLevels, chunk.length]
    let [levels, isInText] = [this.#levels, this.#isInText]
    let at = this.#isEscaped ? from + 1 : from
    this.#isEscaped = false
    while (at < length) {
      if (isInText) {
        const end = endOfText(chunk, at)
        this.#isEscaped = end === ESCAPED
        isInText = end < 0
        if (isText && !isInText) return end
        at = isInText ? length : end
        continue
      }
      const byte = chunk[at++]
      if (byte === 0x22) isInText = true
      else if (byte === 0x7b || byte === 0x5b) {
        if (++levels > mostLevels) throw new JsonFault(`is more than ${mostLevels} levels deep`)
      } else if ((byte === 0x7d || byte === 0x5d) && --levels === 0) return at
    }
    this.#levels = levels
    this.#isInText = isInText
    return -1
  }
}

/** A text goes on in the next chunk, whose first byte is escaped. */
const ESCAPED = -2

/** Behind the quote that ends a text; -1 where it goes on. */
function endOfText(chunk: Buffer, from: number): number {
  const length = chunk.length
  let at = from
  while (at < length) {
    const byte = chunk[at++]
    if (byte === 0x22) return at
    if (byte === 0x5c) at++
  }
  return at > length ? ESCAPED : -1
}

function endOfScalar(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte === comma || byte === closesArray || byte === closesObject || isBlank(byte)) return at
  }
  return -1
}
