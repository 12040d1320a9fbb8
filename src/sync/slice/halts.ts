import { DEFENDER_POLICY, type Fault, throttledUntil } from '../../defender/index.ts'
import { atOf, type TenantPatch } from '../../domain/index.ts'
import type { Outside } from '../../outside.ts'
import type { Lease } from '../lease.ts'
import type { StopRule } from './stop.ts'

/** Stops a slice for what concerns every machine, and keeps the slices after it from calling too early. */
export class Halts {
  readonly #ports: { stop: StopRule; lease: Lease; outside: Outside }
  #throttledUntilMs = -Infinity

  constructor(ports: { stop: StopRule; lease: Lease; outside: Outside }) {
    this.#ports = ports
  }

  /** Defender refuses the app. */
  refused(fault: Fault): void {
    this.#ports.stop.stop({ kind: 'refused', fault })
  }

  /** A 429, or a 503 that asks to wait. */
  async throttled({ retryAfterSeconds = DEFENDER_POLICY.throttledSeconds }: Fault): Promise<void> {
    await this.#stopFor(retryAfterSeconds)
  }

  /** No machine is answered any more: to ask all others as well would only make them unknown. */
  async outOfOrder({ code, status }: Fault): Promise<void> {
    this.#ports.outside.log.warn('slice.outOfOrder', { code, status })
    await this.#stopFor(DEFENDER_POLICY.failuresRetrySeconds)
  }

  /** There is no token, which is neither a machine's trouble nor Defender's. */
  async withoutToken(fault: Fault): Promise<void> {
    const { stop, lease, outside } = this.#ports
    stop.stop({ kind: 'identity', fault })
    // What concerns all is kept once, beside the tenants.
    if (fault.isApps) return this.#callNothingFor(DEFENDER_POLICY.identityRetrySeconds)
    const identitySince = lease.tenant.identitySince ?? atOf(outside.clock.now())
    await this.#callNothingFor(DEFENDER_POLICY.identityRetrySeconds, { identitySince, identityDetail: fault.detail })
  }

  async #stopFor(retryAfterSeconds: number): Promise<void> {
    this.#ports.stop.stop({ kind: 'throttled', retryAfterSeconds })
    await this.#callNothingFor(retryAfterSeconds)
  }

  /**
   * What is asked for counts whatever the slice stops for, and is written down at once: calls in flight when the budget ends come back with
   * a 429, and a kill must not forget it.
   */
  async #callNothingFor(seconds: number, because: TenantPatch = {}): Promise<void> {
    const { lease, outside } = this.#ports
    const untilMs = throttledUntil(outside.clock.now(), seconds)
    // Compared with what this slice heard, and not with the row: several may be about to write, and the row may be from a wrong clock.
    if (untilMs > this.#throttledUntilMs) {
      this.#throttledUntilMs = untilMs
      await lease.update({ ...because, notBefore: atOf(untilMs) })
    }
  }
}
