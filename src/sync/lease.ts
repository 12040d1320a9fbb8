import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import type { StoreAnswer } from '../defender/budget/index.ts'
import { atOf, type TenantPatch, type TenantState } from '../domain/index.ts'
import type { Clock } from '../clock.ts'
import type { ReadTenant, TenantTable, WritePermit } from '../store/index.ts'

/** Another writer has the tenant, or may have: everything not yet written is given up, and the next slice does it again. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** Clocks of one process may be corrected by this much at any time. */
const CLOCK_TOLERANCE_MS = 1_000

/** No lease lasts longer (SYNC_LEASE_SECONDS), and no clock that is looked after is off by as much: such an end was written by a wrong clock. */
const LONGEST_LEASE_MS = 2 * 3_600_000

/** Whether a writer has the tenant at that instant (ms). */
export function isHeld(tenant: Pick<TenantState, 'leaseOwner' | 'leaseUntil'>, nowMs: number): boolean {
  const leftMs = Date.parse(tenant.leaseUntil ?? '') - nowMs
  return tenant.leaseOwner !== null && leftMs > 0 && leftMs <= LONGEST_LEASE_MS
}

export interface LeaseOptions {
  /** For messages. */
  tenantId: string
  rows: TenantTable
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
  #tenant: TenantState
  #etag: string
  #untilMs: number
  readonly #answer: StoreAnswer
  /** One write at a time. */
  readonly #inTurn = pLimit(1)
  #renewal: Promise<unknown> | undefined

  private constructor(options: LeaseOptions, owner: string, tenant: TenantState, answer: StoreAnswer & { etag: string }, untilMs: number) {
    this.#options = options
    this.#owner = owner
    this.#tenant = tenant
    this.#etag = answer.etag
    this.#answer = answer
    this.#untilMs = untilMs
  }

  /** Takes the lease and applies the patch with the same write, or finds that someone else was first. */
  static async take(options: LeaseOptions, read: ReadTenant, patch: TenantPatch): Promise<Lease | undefined> {
    const owner = randomUUID()
    const untilMs = options.clock.now() + options.leaseSeconds * 1000
    const taken = { ...patch, leaseOwner: owner, leaseUntil: atOf(untilMs), sliceOpen: true }
    const written = await options.rows.patch(taken, read.etag)
    if (written.kind === 'outdated') return undefined
    return new Lease(options, owner, { ...read.tenant, ...taken }, written, untilMs)
  }

  /** What the service said to the write that took the lease: its time. */
  get taken(): StoreAnswer {
    return this.#answer
  }

  get tenant(): Readonly<TenantState> {
    return this.#tenant
  }

  /** Renews when less than half of the lease is left, or when the clock went back; throws `LeaseLostError` when it ran out. Asked before every write. */
  async ensureHeld(): Promise<void> {
    const left = this.#left
    if (left <= 0) throw new LeaseLostError(`the lease on tenant ${this.#options.tenantId} ran out`)
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
      throw new LeaseLostError(`too little of the lease on tenant ${this.#options.tenantId} is left for a write to arrive`)
  }

  /** Sleeps with the lease held, however short it is; throws `LeaseLostError` when it was lost. */
  async sleep(milliseconds: number): Promise<void> {
    const { clock, leaseSeconds } = this.#options
    // Half of it is left when it is renewed, less one step.
    const stepMs = (leaseSeconds * 1000) / 4
    for (let leftMs = milliseconds; leftMs > 0; leftMs -= stepMs) {
      await clock.sleep(Math.min(leftMs, stepMs))
      await this.ensureHeld()
    }
  }

  /** More is left than was ever given: how much really is, nobody knows before it is renewed. */
  get #clockWentBack(): boolean {
    return this.#left > this.#options.leaseSeconds * 1000 + CLOCK_TOLERANCE_MS
  }

  /** Milliseconds. */
  get #left(): number {
    return this.#untilMs - this.#options.clock.now()
  }

  /** Merges a patch into the tenant's row and renews the lease. The answer tells the service's time. */
  async update(patch: TenantPatch): Promise<StoreAnswer> {
    return this.#inTurn(async () => {
      const untilMs = this.#options.clock.now() + this.#options.leaseSeconds * 1000
      const answer = await this.#write({ ...patch, leaseUntil: atOf(untilMs) })
      this.#untilMs = untilMs
      return answer
    })
  }

  /** Merges a last patch and lets go. What is still on its way to the tables is not sent again. */
  async release(patch: TenantPatch): Promise<void> {
    this.#untilMs = -Infinity
    await this.#inTurn(() => this.#write({ ...patch, leaseOwner: null, leaseUntil: null }))
  }

  async #write(patch: TenantPatch): Promise<StoreAnswer> {
    const { rows, tenantId } = this.#options
    let written = await rows.patch(patch, this.#etag)
    if (written.kind === 'outdated') {
      // A write whose answer was lost, and that the SDK sent again, looks like somebody else's.
      const read = await rows.get()
      if (read?.tenant.leaseOwner !== this.#owner) throw new LeaseLostError(`another writer took tenant ${tenantId}`)
      written = await rows.patch(patch, read.etag)
      if (written.kind === 'outdated') throw new LeaseLostError(`another writer is at tenant ${tenantId}`)
    }
    this.#etag = written.etag
    this.#tenant = { ...this.#tenant, ...patch }
    return { etag: written.etag, date: written.date }
  }
}
