import type { ListedMachine, MissingKb } from '../../../src/domain/index.ts'
import { faultOf, kbOf, machineOf, type Script, START } from '../scripted-world.ts'
import { DAY, HOUR } from '../world.ts'

/** A stretch in which a machine misses a KB, as whoever wrote the script knows it. Instants are those of looks, in milliseconds. */
export interface KnownInterval {
  machineId: string
  kbId: string
  from: number
  to: number | null
  reason: string
  since: number
  atLeast: boolean
  /** Its exposure passed on to another: it is not the last of it. */
  wentOn: boolean
  stillExposed: boolean | null
}

/** What Defender said in one look. */
export interface Look {
  at: number
  /** All of them to be asked. */
  listed: number
  /** Gave an answer, and have not reported for over 30 days. */
  silent: number
  /** Gave none. */
  unknown: number
}

interface Member {
  listed: ListedMachine
  windows: 'windows_10' | 'windows_11'
  missing: Map<string, { kb: MissingKb; interval: KnownInterval }>
  reports: boolean
  isThere: boolean
  isNew: boolean
  /** Closed without a claim, since the machine last opened anything. */
  handedOn: { kb: MissingKb; interval: KnownInterval }[]
}

/** Why KBs go, and what comes in the same look. */
interface Turn {
  gone: (kb: MissingKb) => boolean
  why: string
  comes: MissingKb[]
}

const NOTHING: Turn = { gone: () => false, why: '', comes: [] }
const isSilent = ({ lastSeen }: ListedMachine, at: number) => at - Date.parse(lastSeen ?? '') > 30 * DAY
const isWindows = (kb: MissingKb) => kb.productsNames.some((product) => product.startsWith('windows_'))
const inCommon = (a: MissingKb, b: MissingKb) => a.productsNames.some((product) => b.productsNames.includes(product))

/**
 * Machines to which everything happens that a KB can be resolved by. Nothing here looks at what the program made of it: the exposures are
 * worked out from the design's words, as the script goes.
 */
export class ScriptedFleet {
  readonly intervals: KnownInterval[] = []
  readonly looks: Look[] = []
  readonly #members: Member[]
  readonly #random: () => number
  #kbs = 0

  constructor(machines: number, random: () => number) {
    this.#random = random
    this.#members = Array.from({ length: machines }, (_, index) => ({
      listed: machineOf(index, { osPlatform: 'Windows10', version: '22H2', rbacGroupName: index % 3 === 0 ? 'Servers' : 'Desks' }),
      windows: 'windows_10',
      missing: new Map(),
      reports: true,
      isThere: true,
      isNew: true,
      handedOn: [],
    }))
  }

  /** What happened up to a look: what Defender lists, and says each machine misses. */
  play(at: number): Pick<Script, 'machines' | 'kbs' | 'missingKbs'> {
    const unknown = new Set<string>()
    for (const member of this.#members) {
      if (member.isThere && this.#isDrawn(0.04)) unknown.add(member.listed.machineId)
      else this.#play(member, at)
    }
    const there = this.#members.filter(({ isThere }) => isThere)
    const silent = there.filter(({ listed }) => isSilent(listed, at) && !unknown.has(listed.machineId)).length
    this.looks.push({ at, listed: there.length, silent, unknown: unknown.size })
    return {
      machines: there.map(({ listed }) => listed),
      missingKbs: (machineId) => (unknown.has(machineId) ? faultOf('transient', 503) : undefined),
      kbs: new Map(there.map(({ listed, missing }) => [listed.machineId, [...missing.values()].map(({ kb }) => kb)])),
    }
  }

  #play(member: Member, at: number): void {
    const turn = this.#turn(member, at)
    if (member.reports && member.isThere) member.listed = { ...member.listed, lastSeen: new Date(at - HOUR).toISOString() }
    const gone = [...member.missing.values()].filter(({ kb }) => turn.gone(kb))
    for (const { kb } of gone) member.missing.delete(kb.kbId)
    for (const { kb, interval } of gone) close(interval, at, kb, turn)
    for (const kb of turn.comes) this.#open(member, kb, at, gone)
    if (turn.comes.length > 0) member.handedOn = []
    member.handedOn.push(...gone.filter(({ interval }) => ['silent', 'removed', 'reassessed'].includes(interval.reason)))
    if (member.isThere) member.isNew = false
  }

  #open(member: Member, kb: MissingKb, at: number, gone: readonly { kb: MissingKb; interval: KnownInterval }[]): void {
    const own = { since: at, atLeast: member.isNew }
    const superseded = gone.filter((one) => one.interval.reason === 'superseded' && isWindows(one.kb) && inCommon(one.kb, kb))
    const handed = member.handedOn.filter((one) => one.kb.kbId === kb.kbId || (isWindows(one.kb) && inCommon(one.kb, kb)))
    for (const { interval } of [...superseded, ...handed]) interval.wentOn = true
    const before = [...superseded.map(({ interval }) => interval), ...handed.map(({ interval }) => ({ ...interval, atLeast: true }))]
    const [first = own] = [own, ...before].sort((a, b) => a.since - b.since || Number(b.atLeast) - Number(a.atLeast))
    const interval: KnownInterval = {
      ...{ machineId: member.listed.machineId, kbId: kb.kbId, from: at, to: null, reason: '', wentOn: false, stillExposed: true },
      ...{ since: first.since, atLeast: first.atLeast },
    }
    this.intervals.push(interval)
    member.missing.set(kb.kbId, { kb, interval })
  }

  #turn(member: Member, at: number): Turn {
    if (!member.isThere) return this.#isDrawn(0.3) ? this.#comeBack(member) : NOTHING
    if (!member.reports && this.#isDrawn(0.15)) return this.#comeBack(member)
    if (!member.reports && isSilent(member.listed, at)) return { ...NOTHING, gone: () => true, why: 'silent' }
    if (!member.reports) return this.#isDrawn(0.1) ? { ...NOTHING, gone: this.#one(member), why: 'reassessed' } : NOTHING
    return this.#turnOfReporting(member)
  }

  #turnOfReporting(member: Member): Turn {
    const drawn = Math.floor(this.#random() * 16)
    const windows = () => this.#kb(member.windows)
    if (member.isNew || drawn < 2) return { ...NOTHING, comes: [windows(), this.#kb('office')] }
    if (drawn < 6) return { gone: isWindows, why: 'superseded', comes: drawn === 5 ? [windows(), windows()] : [windows()] }
    if (drawn < 10) return { ...NOTHING, gone: this.#one(member), why: 'installed' }
    if (drawn < 11) return { gone: (kb) => !isWindows(kb), why: 'superseded', comes: [this.#kb('office')] }
    if (drawn < 12) return this.#upgrade(member)
    if (drawn < 13) member.isThere = false
    if (drawn < 13) return { ...NOTHING, gone: () => true, why: 'removed' }
    if (drawn < 14) member.reports = false
    return NOTHING
  }

  #upgrade(member: Member): Turn {
    if (member.windows === 'windows_11') return NOTHING
    member.windows = 'windows_11'
    member.listed = { ...member.listed, osPlatform: 'Windows11', version: '24H2' }
    return { gone: isWindows, why: 'upgraded', comes: this.#isDrawn(0.5) ? [this.#kb('windows_11')] : [] }
  }

  /** With the KB that it missed last, or with another one of its system, or with none. */
  #comeBack(member: Member): Turn {
    member.reports = member.isThere = true
    const [last] = member.handedOn
    if (member.missing.size > 0 || this.#isDrawn(0.2)) return NOTHING
    return { ...NOTHING, comes: [last && this.#isDrawn(0.5) ? last.kb : this.#kb(member.windows)] }
  }

  #one({ missing }: Member): (kb: MissingKb) => boolean {
    const ids = [...missing.keys()]
    const chosen = ids[Math.floor(this.#random() * ids.length)]
    return (kb) => kb.kbId === chosen
  }

  #kb(product: string): MissingKb {
    return { ...kbOf(String(5_000_000 + this.#kbs++)), productsNames: [product] }
  }

  #isDrawn(share: number): boolean {
    return this.#random() < share
  }
}

function close(interval: KnownInterval, at: number, kb: MissingKb, { why, comes }: Turn): void {
  const passesOn = why === 'superseded' && isWindows(kb) && comes.some((one) => inCommon(one, kb))
  const isOver = why === 'installed' || why === 'upgraded'
  Object.assign(interval, { to: at, reason: why, stillExposed: isOver ? false : passesOn ? true : null })
}

/** Every six days, not always at the same hour; every fifth look is on the day of the one before. */
export function lookAt(index: number): number {
  const isSecond = index % 5 === 4
  return START + (isSecond ? index - 1 : index) * 6 * DAY + (isSecond ? 9 : (index % 3) * 2) * HOUR
}

/** The same numbers on every run; spread over all of 0 to 1. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
