import { simulatedClock } from '../../dev/simulated-clock.ts'
import { dispatch } from '../../src/sync/dispatch/dispatch.ts'
import { readSliceMessage, type SliceMessage } from '../../src/sync/dispatch/slice-message.ts'
import { type MessageResult, takeMessage } from '../../src/sync/dispatch/take-message.ts'
import type { ManyWorld, OpenOptions } from './many-world.ts'
import { MessageQueue, type QueuedMessage } from './message-queue.ts'
import { Mortal } from './mortal.ts'
import { MINUTE } from './world.ts'

/** What became of a message that was delivered at an instant (ms). */
export interface Delivery {
  tenantId: string | undefined
  atMs: number
  untilMs: number
  result: MessageResult | { kind: 'killed' } | { kind: 'failed'; error: unknown }
}

export interface InstancesOptions extends OpenOptions {
  /** Slices at once, over all instances. */
  slots?: number
  /** The point at which the process of a delivery dies, by how many there were before it; see `Mortal`. */
  diesAt?: (deliveries: number, tenantId: string | undefined) => number
  /** The same of a tick. */
  tickDiesAt?: (ticks: number) => number
  /** What becomes of messages on their way: some may be lost, or doubled. */
  onTheWay?: (messages: SliceMessage[], nowMs: number) => unknown[]
}

/**
 * The instances of an app that reads many tenants, by simulated time: a tick every minute, and slots that take messages as they get free. Each
 * slice has a clock of its own that begins where its slot was free, so that one that waits holds up no other.
 */
export class Instances {
  readonly queue = new MessageQueue()
  readonly deliveries: Delivery[] = []
  readonly #world: ManyWorld
  readonly #prefix: string
  readonly #options: InstancesOptions
  #ticks = 0

  constructor(world: ManyWorld, prefix: string, options: InstancesOptions = {}) {
    this.#world = world
    this.#prefix = prefix
    this.#options = options
  }

  /** From an instant up to another (ms), both of which are full minutes. */
  async run(fromMs: number, toMs: number): Promise<void> {
    const slots = Array.from({ length: this.#options.slots ?? 8 }, () => fromMs)
    for (let tickMs = fromMs; tickMs < toMs; tickMs += MINUTE) {
      await this.#tick(tickMs)
      for (;;) {
        const slot = slots.indexOf(Math.min(...slots))
        const startMs = Math.max(slots[slot] ?? tickMs, this.queue.nextVisibleMs ?? Infinity, tickMs)
        if (startMs >= tickMs + MINUTE) break
        const message = this.queue.receive(startMs)
        if (message) slots[slot] = await this.#take(message, startMs)
      }
    }
  }

  /** When the snapshot of a tenant ended (ms); undefined where it has not. */
  endOf(tenantId: string): number | undefined {
    return this.deliveries.find((delivery) => delivery.tenantId === tenantId && delivery.result.kind === 'ended')?.untilMs
  }

  async #tick(nowMs: number): Promise<void> {
    const { tickDiesAt = () => Infinity, onTheWay = (messages: SliceMessage[]) => messages, mortal: _, ...options } = this.#options
    const mortal = new Mortal(tickDiesAt((this.#ticks += 1)))
    const services = this.#world.open(this.#prefix, simulatedClock(nowMs), { ...options, mortal })
    const sent = await Promise.race([dispatch(services), mortal.died])
    await mortal.landed()
    if (sent !== 'died') this.queue.send(onTheWay(sent, nowMs), nowMs)
  }

  /** Resolves to when the slot is free again. */
  async #take(message: QueuedMessage, atMs: number): Promise<number> {
    const { diesAt = () => Infinity, mortal: _, ...options } = this.#options
    const clock = simulatedClock(atMs)
    const tenantId = readSliceMessage(message.body)?.tenantId
    const mortal = new Mortal(diesAt(this.deliveries.length, tenantId))
    const services = this.#world.open(this.#prefix, clock, { ...options, mortal })
    const taken = takeMessage(services, message.body).catch((error: unknown) => ({ kind: 'failed' as const, error }))
    const result = await Promise.race([taken, mortal.died.then(() => ({ kind: 'killed' as const }))])
    await mortal.landed()
    if (result.kind !== 'killed') this.queue.done(message)
    this.deliveries.push({ tenantId, atMs, untilMs: clock.now(), result })
    return clock.now()
  }
}
