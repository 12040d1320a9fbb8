import { KbIdName } from './kb-id-name.ts'
import { KbReader } from './kb-reader.ts'
import { CLOSES, OPENS, RETURN } from './line-text.ts'
import type { LineTaker } from './line-splitter.ts'
import { MachineReader } from './machine-reader.ts'
import type { MachineSets } from './machine-sets.ts'
import { parseRow, PASCAL_CASE, type Spelling } from './member.ts'
import type { PairRegister } from './pair-register.ts'

/** What the lines of one file were. */
export interface LineCounts {
  rows: number
  /** Lines that are no rows, those that are too long among them, and one for all whose KB may have been overlooked. */
  brokenLines: number
  longLines: number
  /** Rows whose id is none of a KB. */
  otherIds: number
}

/**
 * Takes rows up into sets by machine. 45 million lines are too many to parse: members are looked for where they stand, by the spelling of the
 * file, and what was the same in the row before is not read again. A line in which one is not found is parsed: nothing depends on the guess.
 */
export class RowReader implements LineTaker {
  readonly #spelling: Spelling = { ...PASCAL_CASE }
  readonly #machine: MachineReader
  readonly #kb: KbReader
  readonly #kbIdName = new KbIdName()
  #text = ''
  /** Where the next KB id begins in this text; beyond the text where there is none. */
  #kbIdAt = -1
  #rows = 0
  #brokenLines = 0
  #longLines = 0

  constructor(sets: MachineSets, register: PairRegister) {
    this.#machine = new MachineReader(sets, this.#spelling)
    this.#kb = new KbReader(sets, register, this.#spelling)
  }

  get counts(): LineCounts {
    const brokenLines = this.#brokenLines + (this.#kbIdName.wasOverlooked ? 1 : 0)
    return { rows: this.#rows, brokenLines, longLines: this.#longLines, otherIds: this.#kb.otherIds }
  }

  begin(text: string): void {
    this.#text = text
    this.#kbIdAt = -1
    this.#kbIdName.begin(text)
  }

  line(at: number, lineEnd: number): void {
    const text = this.#text
    const line = text.slice(at, text.charCodeAt(lineEnd - 1) === RETURN ? lineEnd - 1 : lineEnd)
    if (this.#kbIdAt < at) this.#kbIdAt = this.#kbIdName.next(at)
    if (this.#isRead(line, this.#kbIdAt - at)) this.#rows++
    else this.#parse(line)
  }

  tooLong(): void {
    this.#brokenLines++
    this.#longLines++
  }

  /** `kbIdAt` is beyond the line where it has none. */
  #isRead(line: string, kbIdAt: number): boolean {
    if (line.charCodeAt(0) !== OPENS || line.charCodeAt(line.length - 1) !== CLOSES) return false
    // Of two rows in one line the second would not be seen.
    if (line.indexOf('{"', 1) > 0) return false
    return this.#machine.read(line) && (kbIdAt >= line.length || this.#kb.read(line, kbIdAt))
  }

  #parse(line: string): void {
    if (line.trim() === '') return
    const parsed = parseRow(line)
    if (parsed) Object.assign(this.#spelling, parsed.spelling)
    if (parsed && this.#machine.takeUp(parsed.row)) {
      this.#kb.takeUp(parsed.row)
      this.#rows++
    } else this.#brokenLines++
  }
}
