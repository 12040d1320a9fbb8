import { randomUUID } from 'node:crypto'
import type { StoreAnswer } from '../defender/budget/index.ts'
import type { Clock } from '../outside.ts'
import type { ReadTenant, Store, TenantPatch, TenantRow, WritePermit } from '../store/index.ts'

/** Another writer has the tenant, or may have: everything not yet written is given up, and the next slice does it again. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** Clocks of one process may be corrected by this much at any time. */
const CLOCK_TOLERANCE_MILLISECONDS = 1_000

/** No lease lasts longer (SYNC_LEASE_SECONDS), and no clock that is looked after is off by as much: such an end was written by a wrong clock. */
const LONGEST_LEASE_MILLISECONDS = 2 * 3_600_000

/** Whether a writer has the tenant at that instant (ms). */
export function isHeld(tenant: Pick<TenantRow, 'leaseOwner' | 'leaseUntil'>, now: number): boolean {
  const left = Date.parse(tenant.leaseUntil) - now
  return tenant.leaseOwner !== '' && left > 0 && left <= LONGEST_LEASE_MILLISECONDS
}

export interface LeaseOptions {
  store: Store
  clock: Clock
  leaseSeconds: number
}

/**
 * The right to write for a tenant: a time and a name in the tenant's row, taken and renewed by its ETag.
 * All writes to the row go through here, one after another, so that each knows the ETag that the one before left.
 */
export class Lease implements WritePermit {
  readonly #options: LeaseOptions
  readonly #owner: string
  #tenant: TenantRow
  #etag: string
  #untilMilliseconds: number
  readonly #answer: StoreAnswer
  #writing: Promise<unknown> = Promise.resolve()
  #renewal: Promise<unknown> | undefined

  private constructor(
    options: LeaseOptions,
    owner: string,
    tenant: TenantRow,
    answer: StoreAnswer & { etag: string },
    untilMilliseconds: number,
  ) {
    this.#options = options
    this.#owner = owner
    this.#tenant = tenant
    this.#etag = answer.etag
    this.#answer = answer
    this.#untilMilliseconds = untilMilliseconds
  }

  /** Takes the lease and applies the patch with the same write, or finds that someone else was first. */
  static async take(options: LeaseOptions, read: ReadTenant, patch: TenantPatch): Promise<Lease | undefined> {
    const owner = randomUUID()
    const untilMilliseconds = options.clock.now() + options.leaseSeconds * 1000
    const taken = { ...patch, leaseOwner: owner, leaseUntil: new Date(untilMilliseconds).toISOString(), sliceOpen: true }
    const written = await options.store.tenants.patch(read.tenant.tenantId, taken, read.etag)
    if (written.kind === 'outdated') return undefined
    return new Lease(options, owner, { ...read.tenant, ...taken }, written, untilMilliseconds)
  }

  /** What the service said to the write that took the lease: its time. */
  get taken(): StoreAnswer {
    return this.#answer
  }

  get tenant(): Readonly<TenantRow> {
    return this.#tenant
  }

  /** Renews when less than half of the lease is left, or when the clock went back; throws `LeaseLostError` when it ran out. Asked before every write. */
  async ensureHeld(): Promise<void> {
    const left = this.#left
    if (left <= 0) throw new LeaseLostError(`the lease on tenant ${this.#tenant.tenantId} ran out`)
    if (left >= (this.#options.leaseSeconds * 1000) / 2 && !this.#clockWentBack) return
    // One renewal, however many are about to write.
    this.#renewal ??= this.update({}).finally(() => (this.#renewal = undefined))
    await this.#renewal
  }

  /**
   * Throws `LeaseLostError` when less than a third is left: with the usual 90 s, the longest that an attempt is on its way. A write that
   * arrived later could undo what another writer did meanwhile.
   */
  requireHeld(): void {
    const leftToArrive = (this.#options.leaseSeconds * 1000) / 3
    if (this.#left < leftToArrive || this.#clockWentBack)
      throw new LeaseLostError(`too little of the lease on tenant ${this.#tenant.tenantId} is left for a write to arrive`)
  }

  /** More is left than was ever given: how much really is, nobody knows before it is renewed. */
  get #clockWentBack(): boolean {
    return this.#left > this.#options.leaseSeconds * 1000 + CLOCK_TOLERANCE_MILLISECONDS
  }

  /** Milliseconds. */
  get #left(): number {
    return this.#untilMilliseconds - this.#options.clock.now()
  }

  /** Merges a patch into the tenant's row and renews the lease. The answer tells the service's time. */
  async update(patch: TenantPatch): Promise<StoreAnswer> {
    return this.#serially(async () => {
      const untilMilliseconds = this.#options.clock.now() + this.#options.leaseSeconds * 1000
      const answer = await this.#write({ ...patch, leaseUntil: new Date(untilMilliseconds).toISOString() })
      this.#untilMilliseconds = untilMilliseconds
      return answer
    })
  }

  /** Merges a last patch and lets go. What is still on its way to the tables is not sent again. */
  async release(patch: TenantPatch): Promise<void> {
    this.#untilMilliseconds = -Infinity
    await this.#serially(() => this.#write({ ...patch, leaseOwner: '', leaseUntil: '' }))
  }

  async #write(patch: TenantPatch): Promise<StoreAnswer> {
    const { tenants } = this.#options.store
    const { tenantId } = this.#tenant
    let written = await tenants.patch(tenantId, patch, this.#etag)
    if (written.kind === 'outdated') {
      // A write whose answer was lost, and that the SDK sent again, looks like somebody else's.
      const read = await tenants.get(tenantId)
      if (read?.tenant.leaseOwner !== this.#owner) throw new LeaseLostError(`another writer took tenant ${tenantId}`)
      written = await tenants.patch(tenantId, patch, read.etag)
      if (written.kind === 'outdated') throw new LeaseLostError(`another writer is at tenant ${tenantId}`)
    }
    this.#etag = written.etag
    this.#tenant = { ...this.#tenant, ...patch }
    return { etag: written.etag, date: written.date }
  }

  #serially<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(write)
    // The failure is the caller's to handle; the next in line only waits for the turn to be over.
    this.#writing = turn.catch(() => undefined)
    return turn
  }
}
