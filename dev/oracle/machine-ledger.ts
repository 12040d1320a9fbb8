import type { KbFacts, Sight } from './sight.ts'
import type { Look } from './look.ts'
import { type Appeared, contains, isOfWindows, type Resolved, shares, SILENT_MS, WAITS } from './words.ts'

/** Since when a machine lacks what an update brings, as whoever looks now and then can know. */
export interface TrueExposure {
  since: Look
  atLeast: boolean
}

export interface TrueEnd {
  look: Look
  reason: Resolved
  replacedBy: readonly string[]
  stillExposed: boolean | null
  /** The last look that still saw it missing. */
  lastMissing: Look
}

/** One stretch in which a machine misses a KB, as the looks at it must tell. */
export interface TrueInterval {
  kbId: string
  products: readonly string[]
  opened: Look
  reason: Appeared
  exposure: TrueExposure
  end?: TrueEnd
  /** The look at which another interval took its exposure over after all. */
  takenOver?: Look
  /** Group and platform of the machine when it opened and when it ended. */
  openedOn: Sight
  endedOn?: Sight
}

/** A stretch of looks in which nothing was to be learned of a machine, for one cause. */
export interface TrueGap {
  kind: 'unknown' | 'silent' | 'skipped'
  code: string
  from: Look
  /** The first look in which it did not hold any more. */
  to?: Look
}

export type Standing = 'observed' | 'unknown' | 'skipped' | 'removed'

/** What must be known of one machine, look after look, worked out from what Defender could show and from the words of the design. */
export class MachineLedger {
  readonly intervals: TrueInterval[] = []
  readonly gaps: TrueGap[] = []
  /** How it ended in each look that dealt with it. */
  readonly standings = new Map<string, Standing>()
  /** The tenant's first snapshot listed it. */
  readonly #isOfTheFirst: boolean
  readonly #kb: (kbId: string) => KbFacts
  /** As it was listed last. */
  listed: Sight
  observed: { look: Look; sight: Sight } | undefined
  /** The last time that anything opened. */
  #opened: Look | undefined

  /** The look that listed it first. */
  readonly firstLook: Look

  constructor(first: { look: Look; sight: Sight }, isOfTheFirst: boolean, kb: (kbId: string) => KbFacts) {
    this.listed = first.sight
    this.firstLook = first.look
    this.#isOfTheFirst = isOfTheFirst
    this.#kb = kb
  }

  get open(): TrueInterval[] {
    return this.intervals.filter(({ end }) => end === undefined)
  }

  /** What the look finds; it looks in vain at a machine of which Defender says nothing. */
  look(look: Look, sight: Sight): void {
    this.#settle(look, sight)
    this.#witness(look, sight)
  }

  #settle(look: Look, sight: Sight): void {
    const last = this.standing
    if (sight.exists) this.listed = sight
    if (!sight.exists) {
      // Whoever left once has left.
      if (last === 'removed' || last === undefined) return
      for (const interval of this.open) this.#close(interval, look, { reason: 'removed', replacedBy: [], stillExposed: null })
      this.standings.set(look.snapshotId, 'removed')
    } else if (!sight.asked) this.standings.set(look.snapshotId, 'skipped')
    else if (look.unknown.has(sight.machineId)) this.standings.set(look.snapshotId, 'unknown')
    else this.#observe(look, look.forgotten.has(sight.machineId) ? { ...sight, kbIds: [] } : sight)
  }

  /** Whether the look could tell anything of it, and if not, why not. */
  #witness(look: Look, sight: Sight): void {
    const cause = this.#whyInVain(look, sight)
    const gap = this.gaps.find(({ to }) => to === undefined)
    if (gap && gap.kind === cause?.kind && gap.code === cause.code) return
    if (gap) gap.to = look
    if (cause) this.gaps.push({ ...cause, from: look })
  }

  #whyInVain(look: Look, { osPlatform, lastSeen }: Sight): Pick<TrueGap, 'kind' | 'code'> | undefined {
    if (this.standing === 'removed') return { kind: 'skipped', code: 'removed' }
    if (this.standing === 'skipped')
      return { kind: 'skipped', code: osPlatform.startsWith('Windows') ? 'notOnboarded' : 'platformNotAsked' }
    if (this.standing === 'unknown') return { kind: 'unknown', code: 'http502' }
    return lastSeen === undefined || look.at - lastSeen > SILENT_MS ? { kind: 'silent', code: 'silent' } : undefined
  }

  /** How it ended in the look that dealt with it last. */
  get standing(): Standing | undefined {
    return [...this.standings.values()].at(-1)
  }

  #observe(look: Look, sight: Sight): void {
    const before = this.open
    const appeared = sight.kbIds.filter((kbId) => !before.some((interval) => interval.kbId === kbId)).sort()
    const gone = before.filter(({ kbId }) => !sight.kbIds.includes(kbId))
    for (const interval of gone) this.#close(interval, look, this.#whyGone(look, sight, interval, appeared), sight)
    const openings = appeared.map((kbId) => this.#opening(look, sight, kbId))
    this.#handOver(look, openings)
    this.intervals.push(...openings)
    if (openings.length > 0) this.#opened = look
    this.observed = { look, sight }
    this.standings.set(look.snapshotId, 'observed')
  }

  #close(interval: TrueInterval, look: Look, why: Omit<TrueEnd, 'look' | 'lastMissing'>, sight = this.listed): void {
    interval.end = { ...why, look, lastMissing: this.observed?.look ?? interval.opened }
    interval.endedOn = sight
  }

  /** The design's order of test. */
  #whyGone(look: Look, sight: Sight, { products }: TrueInterval, appeared: readonly string[]): Omit<TrueEnd, 'look' | 'lastMissing'> {
    const because = (reason: Resolved, stillExposed: boolean | null) => ({ reason, replacedBy: [], stillExposed })
    const before = this.observed?.sight
    if (sight.lastSeen !== undefined && look.at - sight.lastSeen > SILENT_MS) return because('silent', null)
    const isUpgraded = before !== undefined && (before.osPlatform !== sight.osPlatform || before.version !== sight.version)
    if (isUpgraded && products.some(isOfWindows)) return because('upgraded', false)
    const successors = appeared.filter((kbId) => shares(this.#kb(kbId).products, products))
    if (successors.length > 0) {
      const isHandedOn = successors.some((kbId) => contains(this.#kb(kbId).products, products))
      return { reason: 'superseded', replacedBy: successors, stillExposed: isHandedOn ? true : null }
    }
    const hasReported = (sight.lastSeen ?? 0) > (before?.lastSeen ?? Infinity)
    return hasReported ? because('installed', false) : because('reassessed', null)
  }

  #opening(look: Look, sight: Sight, kbId: string): TrueInterval {
    const isFirst = this.observed === undefined
    const reason = isFirst
      ? this.#isOfTheFirst
        ? 'baseline'
        : 'machineAdded'
      : this.intervals.some((interval) => interval.kbId === kbId)
        ? 'reopened'
        : 'new'
    const { products } = this.#kb(kbId)
    return { kbId, products, opened: look, reason, exposure: { since: look, atLeast: isFirst }, openedOn: sight }
  }

  /** What the openings of a look take over from what closed with them, and from what waited since anything opened last. */
  #handOver(look: Look, openings: readonly TrueInterval[]): void {
    for (const interval of this.intervals) {
      const { end } = interval
      if (!end) continue
      const isSuperseded = end.reason === 'superseded' && end.look === look
      const isWaiting = WAITS.includes(end.reason) && end.look !== look && (this.#opened === undefined || end.look.at >= this.#opened.at)
      if (!isSuperseded && !isWaiting) continue
      const heirs = openings.filter(({ kbId, products }) => contains(products, interval.products) || (isWaiting && kbId === interval.kbId))
      for (const heir of heirs)
        heir.exposure = earlier(heir.exposure, { ...interval.exposure, atLeast: interval.exposure.atLeast || isWaiting })
      if (isWaiting && heirs.length > 0) interval.takenOver = look
    }
  }
}

/** Of equally early ones "at least" wins. */
export function earlier(one: TrueExposure, other: TrueExposure): TrueExposure {
  if (one.since !== other.since) return one.since.at < other.since.at ? one : other
  return one.atLeast ? one : other
}
