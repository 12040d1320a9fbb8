import type { StopRule } from './stop.ts'

/** Slices on end that may spend calls without bringing a single machine to its end. */
const MOST_STALLED_SLICES = 3

/** The one rule for stalls: whether slices bring machines to their end, or all begin the same anew for ever. */
export class StallRule {
  #stalledBefore: number
  readonly #stop: StopRule
  #hasProgressed = false

  /** `stalledBefore`: slices on end, before this one, that spent calls and brought no machine to its end. */
  constructor(stalledBefore: number, stop: StopRule) {
    this.#stalledBefore = stalledBefore
    this.#stop = stop
  }

  /** Another phase begins: what stalled in the one before says nothing of it. */
  phaseBegan(): void {
    this.#stalledBefore = 0
  }

  /** Notes that a page was listed, or that a machine came to its end. */
  noteProgress(): void {
    if (!this.#stop.reason) this.#hasProgressed = true
  }

  /** Whether this slice brought a machine to its end. */
  get hasProgressed(): boolean {
    return this.#hasProgressed
  }

  /** Whether a machine that is cut off by the slice's end may begin anew in the next one. */
  get mayBeginAnew(): boolean {
    return this.#hasProgressed || this.#stalledBefore < MOST_STALLED_SLICES
  }

  /** Slices up to now, this one included, that spent calls and brought no machine to its end. */
  stalledSlices(calls: number): number {
    if (this.#hasProgressed) return 0
    return this.#stalledBefore + (calls > 0 ? 1 : 0)
  }
}
