import { openStore } from '../../src/store/index.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { tick, type TickResult } from '../../src/sync/index.ts'
import type { FrozenWorld, Run } from './frozen-world.ts'
import { Mortal } from './mortal.ts'
import { STORE_OPTIONS } from './stores.ts'
import { openClient, type RunningService } from './table-services.ts'

export type Outcome = TickResult | { kind: 'killed' } | { kind: 'failed'; error: unknown }

export interface OutlastOptions {
  /** The point at which the process of a tick dies, by the ticks before it; see `Mortal`. */
  diesAt?: (ticks: number) => number
  /** Between two ticks. */
  pause: (ticks: number) => Promise<void> | void
}

/** More ticks than any snapshot of a small fleet takes, whatever happens to it. */
const MOST_TICKS = 2_000

/** Does ticks for a tenant, each in a process and over a store of its own; requests are repeated as in the app, without its waits. */
export class Worker {
  readonly #services: OneTenantServices
  readonly #openStore: (mortal: Mortal) => OneTenantServices['store']

  private constructor(services: OneTenantServices, tables: RunningService, prefix: string) {
    this.#services = services
    this.#openStore = (mortal) => openStore((name) => mortal.table(openClient(tables, name, STORE_OPTIONS)), prefix)
  }

  /** Another worker of a run, on the same clock. */
  static async start({ world }: FrozenWorld, { services, clock }: Run): Promise<Worker> {
    const { tablePrefix } = services.config.storage
    return new Worker(await world.another({ environment: { TABLE_PREFIX: tablePrefix }, clock }), world.tables, tablePrefix)
  }

  /** Ticks until no snapshot is active; what the ticks came to. */
  async outlast({ diesAt = () => Infinity, pause }: OutlastOptions): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    while (outcomes.length < MOST_TICKS) {
      const outcome = await this.#tick(diesAt(outcomes.length))
      outcomes.push(outcome)
      if (outcome.kind === 'ended' || outcome.kind === 'idle') return outcomes
      await pause(outcomes.length)
    }
    throw new Error(`no end in ${MOST_TICKS} ticks`)
  }

  async #tick(diesAt: number): Promise<Outcome> {
    const mortal = new Mortal(diesAt)
    const ports = { ...this.#services, store: this.#openStore(mortal), defender: mortal.defender(this.#services.defender) }
    const ended = tick(ports).catch((error: unknown) => ({ kind: 'failed' as const, error }))
    return Promise.race([ended, mortal.died.then(() => ({ kind: 'killed' as const }))])
  }
}
