import { normaliseTimestamp } from '../../defender/index.ts'
import { decodeText, ownText, rawText } from './line-text.ts'
import type { MachineSets } from './machine-sets.ts'
import type { ExportRow, Spelling } from './member.ts'
import { SteadyText } from './steady-text.ts'

/** Machines have few different times, and the next machine others. */
const MOST_TIMES = 10_000

/** Finds whom a row is about, and when that was reported. What stands there as in the row before is not read again. */
export class MachineReader {
  readonly #sets: MachineSets
  readonly #spelling: Spelling
  /** The turn of the sets that the row before was taken up in. */
  #turn = -1
  readonly #id = new SteadyText()
  readonly #lastSeen = new SteadyText()
  readonly #times = new Map<string, string | null>()

  constructor(sets: MachineSets, spelling: Spelling) {
    this.#sets = sets
    this.#spelling = spelling
  }

  /** Turns to the machine of a row that was parsed; false where it has no id. */
  takeUp({ deviceId, lastSeen, osVersion, rbacGroupName }: ExportRow): boolean {
    this.#turn = -1
    if (deviceId === null || !this.#sets.turnTo(deviceId)) return false
    const time = lastSeen === null ? null : this.#timeOf(lastSeen)
    if (this.#sets.isNewer(time)) this.#sets.newest(time, osVersion, rbacGroupName)
    return true
  }

  /** Turns to the machine that a line is about; false where that cannot be read as it stands. */
  read(line: string): boolean {
    const isSame = this.#turn === this.#sets.turn && this.#id.isSame(line)
    return (isSame || this.#turnTo(line)) && (this.#lastSeen.isSame(line) || this.#readTime(line))
  }

  #turnTo(line: string): boolean {
    const spelling = this.#spelling.deviceId
    const raw = rawText(line, spelling)
    if (raw === undefined || !this.#sets.turnTo(raw.slice(0, -1))) return false
    this.#id.say(spelling, raw)
    this.#lastSeen.forget()
    this.#turn = this.#sets.turn
    return true
  }

  #readTime(line: string): boolean {
    const spelling = this.#spelling.lastSeen
    const raw = rawText(line, spelling)
    if (raw === undefined) return false
    const time = this.#timeOf(raw.slice(0, -1))
    if (this.#sets.isNewer(time)) {
      const osVersion = decodeText(rawText(line, this.#spelling.osVersion))
      const rbacGroupName = decodeText(rawText(line, this.#spelling.rbacGroupName))
      if (osVersion === undefined || rbacGroupName === undefined) return false
      this.#sets.newest(time, osVersion, rbacGroupName)
    }
    this.#lastSeen.say(spelling, raw)
    return true
  }

  #timeOf(raw: string): string | null {
    const known = this.#times.get(raw)
    if (known !== undefined) return known
    if (this.#times.size >= MOST_TIMES) this.#times.clear()
    const time = normaliseTimestamp(raw)
    this.#times.set(ownText(raw), time)
    return time
  }
}
