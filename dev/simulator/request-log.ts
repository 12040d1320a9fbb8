import type { Route } from './faults.ts'

/** One request as it was answered; `status` is 0 where the caller got no answer. `at` in simulated epoch ms. */
export interface RequestRecord {
  at: number
  method: string
  path: string
  route: Route | 'identity' | 'authority' | 'other'
  machineId?: string
  /** Of an export, by its name. */
  file?: string
  /** When its export was made. */
  generatedAt?: number
  /** Whether a bearer token came along that has no business there. */
  hasToken?: boolean
  status: number
}

/** How many of the latest requests are kept whole, unless told. All are counted. */
export const KEPT = 100_000

/** The requests since the start, control routes apart. */
export class RequestLog {
  readonly #kept: number
  #entries: RequestRecord[] = []
  #filesAskedWithToken = 0
  readonly #counts = new Map<string, number>()

  constructor(kept = KEPT) {
    this.#kept = kept
  }

  add(record: RequestRecord): void {
    if (this.#entries.length >= 2 * this.#kept) this.#entries = this.#entries.slice(this.#kept)
    this.#entries.push(record)
    if (record.hasToken) this.#filesAskedWithToken++
    const key = `${record.route} ${record.status}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** The latest requests, oldest first: all of them up to as many as are kept. */
  get entries(): readonly RequestRecord[] {
    return this.#entries
  }

  /** Requests for a file, ever, that came with a bearer token: never one. */
  get filesAskedWithToken(): number {
    return this.#filesAskedWithToken
  }

  /** All requests ever, of a route, with a status, or both. */
  count({ route, status }: { route?: RequestRecord['route']; status?: number } = {}): number {
    let sum = 0
    for (const [key, count] of this.#counts) {
      const [countedRoute, countedStatus] = key.split(' ')
      if ((route === undefined || route === countedRoute) && (status === undefined || String(status) === countedStatus)) sum += count
    }
    return sum
  }

  /** Counts by route and status: `{ 'missingKbs 200': 300 }`. */
  get counts(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
