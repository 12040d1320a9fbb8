import { HOUR, MINUTE } from './time.ts'

export interface QuotaLimits {
  perMinute: number
  perHour: number
}

/** Calls of one kind, counted together. */
export type ApiClass = 'machines' | 'missingKbs' | 'software' | 'export'

/**
 * Defender's quotas. Machines: https://learn.microsoft.com/defender-endpoint/api/get-machines (Limitations). None is documented for
 * getmissingkbs and for software; assumed is that of a neighbour, https://learn.microsoft.com/defender-endpoint/api/get-discovered-vulnerabilities.
 * Export: https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-vulnerabilities (via files, Limitations).
 */
const DEFENDER_QUOTA: Record<ApiClass, QuotaLimits> = {
  machines: { perMinute: 100, perHour: 1_500 },
  missingKbs: { perMinute: 50, perHour: 1_500 },
  software: { perMinute: 50, perHour: 1_500 },
  export: { perMinute: 5, perHour: 20 },
}

/** A count of its own for each kind of call. */
export function quotasOf(limits: Partial<Record<ApiClass, QuotaLimits>>): Record<ApiClass, Quota> {
  const { machines, missingKbs, software, export: exported } = { ...DEFENDER_QUOTA, ...limits }
  return { machines: new Quota(machines), missingKbs: new Quota(missingKbs), software: new Quota(software), export: new Quota(exported) }
}

export type Admission = { admitted: true } | { admitted: false; retryAfterSeconds: number; message: string }

/**
 * Two sliding windows over the calls let in: a call at `now` counts those in (now − window, now]. A refused call does not count.
 */
export class Quota {
  readonly #windows: readonly { limit: number; milliseconds: number; name: string }[]
  /** Arrivals of the calls let in, oldest first; those before `#first` are more than an hour old. */
  #arrivals: number[] = []
  #first = 0

  constructor({ perMinute, perHour }: QuotaLimits) {
    this.#windows = [
      { limit: perMinute, milliseconds: MINUTE, name: '00:01:00' },
      { limit: perHour, milliseconds: HOUR, name: '01:00:00' },
    ]
  }

  /** Lets a call in and counts it, or says in how many whole seconds one would be let in. `now` in epoch milliseconds. */
  admit(now: number): Admission {
    this.#forget(now)
    const refusals = this.#windows.flatMap(({ limit, milliseconds, name }) => {
      const freeAt = this.#freeAt(limit, milliseconds)
      return freeAt > now ? [{ freeAt, message: `API calls quota exceeded! maximum allowed ${limit} per ${name}` }] : []
    })
    const longest = refusals.sort((a, b) => b.freeAt - a.freeAt)[0]
    if (longest) return { admitted: false, retryAfterSeconds: Math.ceil((longest.freeAt - now) / 1_000), message: longest.message }
    this.#arrivals.push(now)
    return { admitted: true }
  }

  /** When the window has room again: when the oldest of the last `limit` calls has left it. */
  #freeAt(limit: number, milliseconds: number): number {
    return (this.#arrivals[this.#arrivals.length - limit] ?? -Infinity) + milliseconds
  }

  #forget(now: number): void {
    // A clock that was set back begins another story; calls of the future must not weigh on it.
    if ((this.#arrivals.at(-1) ?? now) > now) this.#first = this.#arrivals.length
    while ((this.#arrivals[this.#first] ?? Infinity) <= now - HOUR) this.#first++
    if (this.#first > this.#arrivals.length / 2) {
      this.#arrivals = this.#arrivals.slice(this.#first)
      this.#first = 0
    }
  }
}
