import type { TableClient } from '@azure/data-tables'
import type { DefenderClient } from '../../src/defender/index.ts'

/** What a process that was killed hears: nothing, ever. */
const never = () => new Promise<never>(() => undefined)

/**
 * A process that dies at a chosen point. Every trip to a table or to Defender has two: before it has any effect, and after it had
 * its effect but before the answer is heard. From then on nothing that the process still had under way has any effect.
 */
export class Mortal {
  readonly #diesAt: number
  readonly died: Promise<'died'>
  #points = 0
  #isDead = false
  #die: () => void = () => undefined
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(diesAt: number) {
    this.#diesAt = diesAt
    this.died = new Promise((resolve) => (this.#die = () => resolve('died')))
  }

  /** How many points a life had: with `Infinity`, how many there are to die at. */
  get points(): number {
    return this.#points
  }

  /** When the trips that were under way when it died have had their effect: none takes minutes, as the clock may be moved by. */
  async landed(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }

  table(client: TableClient): TableClient {
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        const method = member as (...args: unknown[]) => unknown
        if (name === 'listEntities') return (...args: unknown[]) => this.#listing(method.apply(target, args) as Listing)
        return (...args: unknown[]) => this.#effect(() => method.apply(target, args) as Promise<unknown>)
      },
    })
  }

  defender(client: DefenderClient): DefenderClient {
    return {
      missingKbs: (...args) => this.#effect(() => client.missingKbs(...args)),
      listMachines: (...args) => this.#effect(() => client.listMachines(...args)),
      machine: (...args) => this.#effect(() => client.machine(...args)),
      vulnerabilityExport: () => this.#effect(() => client.vulnerabilityExport()),
      exportFile: (file) => this.#effect(() => client.exportFile(file)),
      softwareMissingKbs: (...args) => this.#effect(() => client.softwareMissingKbs(...args)),
      close: () => client.close(),
    }
  }

  #listing(listing: Listing) {
    return {
      byPage: (...args: unknown[]) => {
        const pages = listing.byPage(...args)
        const next = () => this.#effect(() => pages.next())
        return { next, [Symbol.asyncIterator]: () => ({ next }) }
      },
    }
  }

  async #effect<T>(run: () => Promise<T>): Promise<T> {
    if (this.#reached()) return never()
    const trip = run()
    this.#underWay.add(trip)
    const outcome = await Promise.allSettled([trip])
    this.#underWay.delete(trip)
    if (this.#reached()) return never()
    const [settled] = outcome
    if (settled.status === 'rejected') throw settled.reason
    return settled.value
  }

  #reached(): boolean {
    if (!this.#isDead && ++this.#points === this.#diesAt) {
      this.#isDead = true
      this.#die()
    }
    return this.#isDead
  }
}

interface Listing {
  byPage(...args: unknown[]): AsyncIterator<unknown>
}
