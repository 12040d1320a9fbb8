import { DAY, HOUR } from '../world.ts'
import type { KnownInterval, Look } from './scripted-fleet.ts'

/** What a reader of the report has chosen. Days are instants of midnight UTC, both ends included. */
export interface Chosen {
  firstDay: number
  lastDay: number
  includes: (machineId: string) => boolean
  daysAllowed: number
  periodFrom: number
  periodTo: number
  now: number
}

export const dayOf = (at: number) => Math.floor(at / DAY) * DAY

/** Whole days between two instants. */
const daysBetween = (from: number, to: number) => Math.floor((to - from) / DAY)

const orBlank = (count: number) => (count === 0 ? null : count)

/** As PERCENTILE.INC. */
function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place))
}

/**
 * What every measure must say, worked out from what the script of a fleet knows: the design's words once more, in another language, over
 * other data, and without the model. Dates are in milliseconds.
 */
export class KnownFigures {
  readonly #intervals: readonly KnownInterval[]
  readonly #looks: readonly Look[]
  readonly #chosen: Chosen
  readonly #newest: number

  constructor(intervals: readonly KnownInterval[], looks: readonly Look[], chosen: Chosen) {
    this.#intervals = intervals.filter(({ machineId }) => chosen.includes(machineId))
    this.#looks = looks
    this.#chosen = chosen
    this.#newest = looks.at(-1)?.at ?? 0
  }

  all(): Record<string, number | null> {
    return { ...this.#state(), ...this.#speed(), ...this.#timeToPatch(), ...this.#period(), ...this.#snapshots() }
  }

  /** Days of exposure of what is missing as of the last day. */
  ages(): number[] {
    const asOf = this.#lookOn(this.#chosen.lastDay)
    return this.#missingAt(asOf).map(({ since }) => daysBetween(since, asOf))
  }

  /** Of the intervals that closed in the days in view. */
  closed(): KnownInterval[] {
    return this.#intervals.filter(({ to }) => to !== null && this.#isInView(to))
  }

  daysOfInstalls(): number[] {
    return this.closed().flatMap(({ since, to, reason }) => (reason === 'installed' && to !== null ? [daysBetween(since, to)] : []))
  }

  #isInView = (at: number) => dayOf(at) >= this.#chosen.firstDay && dayOf(at) <= this.#chosen.lastDay

  #lookOn(day: number): number {
    return this.#looks.findLast(({ at }) => dayOf(at) <= day)?.at ?? 0
  }

  #missingAt(asOf: number): KnownInterval[] {
    return this.#intervals.filter(({ from, to }) => from <= asOf && (to === null || to > asOf))
  }

  #state(): Record<string, number | null> {
    const missing = this.#missingAt(this.#lookOn(this.#chosen.lastDay))
    const ages = this.ages()
    return {
      'As of': this.#lookOn(this.#chosen.lastDay),
      'Missing pairs': missing.length,
      'Missing pairs by day': missing.length,
      'Missing pairs by age': orBlank(missing.length),
      'Machines missing KBs': new Set(missing.map(({ machineId }) => machineId)).size,
      'KBs missing': new Set(missing.map(({ kbId }) => kbId)).size,
      'Median days exposed': percentile(ages, 0.5),
      '90th percentile days exposed': percentile(ages, 0.9),
      'Longest days exposed': percentile(ages, 1),
      'Exposed over 30 days': ages.filter((days) => days > 30).length,
      'Exposed at least': missing.filter(({ atLeast }) => atLeast).length,
    }
  }

  #speed(): Record<string, number | null> {
    const { daysAllowed } = this.#chosen
    const exposures = this.#intervals
      .filter(({ wentOn, since }) => !wentOn && this.#isInView(since) && this.#newest - since >= daysAllowed * DAY)
      .map((interval) => ({ ...interval, isInTime: interval.to !== null && daysBetween(interval.since, interval.to) <= daysAllowed }))
    const gone = exposures.filter(({ reason, isInTime }) => isInTime && ['removed', 'excluded', 'upgraded', 'rebased'].includes(reason))
    const unclear = exposures.filter(({ reason, isInTime, stillExposed }) => isInTime && reason === 'superseded' && stillExposed === null)
    const due = exposures.filter((one) => !gone.includes(one) && !unclear.includes(one))
    const installed = due.filter(({ reason, isInTime }) => isInTime && reason === 'installed')
    return {
      'Days allowed value': daysAllowed,
      'Exposures due': orBlank(due.length),
      'Installed in time': orBlank(installed.length),
      'Share installed in time': due.length === 0 ? null : installed.length / due.length,
      'Exposures left out': orBlank(gone.length + unclear.length),
      'Left out, gone or upgraded': gone.length,
      'Left out, unclear': unclear.length,
      'Due, silent or reassessed': due.filter(({ reason }) => ['silent', 'reassessed'].includes(reason)).length,
      'In time, at least': installed.filter(({ atLeast }) => atLeast).length,
    }
  }

  #timeToPatch(): Record<string, number | null> {
    const closed = this.closed()
    const days = closed.map(({ since, to }) => daysBetween(since, to ?? 0))
    const installs = this.daysOfInstalls()
    const [median, ninth] = [percentile(installs, 0.5), percentile(installs, 0.9)]
    const inView = this.#looks.filter(({ at }) => this.#isInView(at)).map(({ at }) => at)
    const longer = (than: number | null) => (than === null ? null : this.ages().filter((age) => age > than).length)
    return {
      'Intervals closed': orBlank(closed.length),
      'Closed, still exposed': orBlank(closed.filter(({ stillExposed }) => stillExposed === true).length),
      'Closed, at least': orBlank(closed.filter(({ atLeast }) => atLeast).length),
      'Median days to close': percentile(days, 0.5),
      '90th percentile days to close': percentile(days, 0.9),
      Installs: orBlank(installs.length),
      'Installs by age': orBlank(installs.length),
      'Median days to install': median,
      '90th percentile days to install': ninth,
      'Missing longer than median': longer(median),
      'Missing longer than 90th': longer(ninth),
      'Days between snapshots': inView.length < 2 ? null : ((inView.at(-1) ?? 0) - (inView[0] ?? 0)) / DAY / (inView.length - 1),
    }
  }

  /** Dates in view say nothing here but for the changes, which happen on a day. */
  #period(): Record<string, number | null> {
    const [start, end] = [this.#lookOn(this.#chosen.periodFrom), this.#lookOn(this.#chosen.periodTo)]
    const isWithin = (at: number | null): at is number => at !== null && at > start && at <= end && this.#isInView(at)
    const appeared = this.#intervals.filter(({ from }) => isWithin(from))
    const resolved = this.#intervals.filter(({ to }) => isWithin(to))
    const because = (...reasons: string[]) => resolved.filter(({ reason }) => reasons.includes(reason)).length
    const isReopened = (one: KnownInterval) =>
      this.#intervals.some(({ machineId, kbId, from }) => machineId === one.machineId && kbId === one.kbId && from < one.from)
    const [atStart, atEnd] = [this.#missingAt(start).length, this.#missingAt(end).length]
    return {
      'Period start': start,
      'Period end': end,
      'Missing at start': atStart,
      'Missing at end': atEnd,
      Appeared: appeared.length,
      Resolved: resolved.length,
      Installed: because('installed'),
      Superseded: because('superseded'),
      'Resolved, still exposed': resolved.filter(({ stillExposed }) => stillExposed === true).length,
      'Resolved otherwise': resolved.length - because('installed', 'superseded'),
      Reopened: appeared.filter(isReopened).length,
      'Changes in period': orBlank(appeared.length + resolved.length),
      'Net change': atEnd - atStart,
      'Unaccounted for': 0,
    }
  }

  #snapshots(): Record<string, number | null> {
    const look = this.#looks.find(({ at }) => at === this.#lookOn(this.#chosen.lastDay))
    const { listed = 0, silent = 0, unknown = 0 } = look ?? {}
    const inView = this.#looks.filter(({ at }) => this.#isInView(at))
    return {
      'Newest snapshot': this.#newest,
      'Hours since newest snapshot': (this.#chosen.now - this.#newest) / HOUR,
      Coverage: (listed - unknown) / listed,
      Assessed: (listed - unknown - silent) / listed,
      'Machines unknown': unknown,
      'Machines silent': silent,
      'Snapshots in view': orBlank(inView.length),
      'Snapshots not complete': inView.filter((one) => one.unknown > 0).length,
    }
  }
}
