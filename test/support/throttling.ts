import { draw } from '../../dev/simulator/draw.ts'
import type { Fault, SeenRequest } from '../../dev/table-service/index.ts'
import type { Clock } from '../../src/clock.ts'
import { MINUTE } from './world.ts'

export interface Storm {
  fault: Extract<Fault, 'serverBusy' | 'serverBusyInside'>
  minutes: number
  /** The only table it befalls. */
  table?: string
  /** How likely a request is to get through all the same. */
  passes: number
}

/** Refuses requests to a table service for some minutes of a clock that the test moves. */
export class Throttling {
  #requests = 0
  #refused = 0
  #planned: { storm: Storm; clock: Clock; fromRequest: number; until?: number } | undefined

  get requests(): number {
    return this.#requests
  }

  /** How many were refused since it was asked last. */
  takeRefused(): number {
    const refused = this.#refused
    this.#refused = 0
    return refused
  }

  get isOn(): boolean {
    const { clock, until } = this.#planned ?? {}
    return clock !== undefined && until !== undefined && clock.now() < until
  }

  /** Lets so many more requests through, and then the storm begins, in the middle of whatever is being done. */
  beginAfter(requests: number, storm: Storm, clock: Clock): void {
    this.#planned = { storm, clock, fromRequest: this.#requests + requests + 1 }
  }

  /** What a test reads behind the storm's back. */
  async spare<T>(read: () => Promise<T>): Promise<T> {
    const planned = this.#planned
    this.#planned = undefined
    try {
      return await read()
    } finally {
      this.#planned = planned
    }
  }

  /** The `script` of a world. */
  readonly script = ({ table }: SeenRequest): Fault | undefined => {
    const number = ++this.#requests
    const planned = this.#planned
    if (!planned || number < planned.fromRequest) return undefined
    const { storm, clock } = planned
    planned.until ??= clock.now() + storm.minutes * MINUTE
    if (!this.isOn || (storm.table ?? table) !== table || draw(number) < storm.passes) return undefined
    this.#refused++
    return storm.fault
  }
}
