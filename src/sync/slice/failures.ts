import { DEFENDER_POLICY, type Fault } from '../../defender/index.ts'
import { mayBeEveryones } from './attempts.ts'

/** One question among those that fail on end. */
export interface Streak {
  /** Notes a fault of this question; whether too many different ones on end had one. */
  isTooLong(fault: Fault): boolean
}

/** Different questions without any answer between them: each is about a machine of its own. */
export class Failures {
  readonly #failing = new Set<Streak>()

  begin(): Streak {
    const streak: Streak = {
      isTooLong: (fault) => {
        if (mayBeEveryones(fault)) this.#failing.add(streak)
        return this.#failing.size >= DEFENDER_POLICY.failuresOnEnd
      },
    }
    return streak
  }

  /** One was answered. */
  end(): void {
    this.#failing.clear()
  }
}
