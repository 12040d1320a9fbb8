import type { TableClient } from '@azure/data-tables'

const WRITES = new Set<string | symbol>(['createEntity', 'updateEntity', 'submitTransaction'])

/** One write of a process that is on its way until it is told to arrive; those before it and after it are not held up. */
export class HangingWrite {
  readonly hangs: Promise<'hangs'>
  readonly #number: number
  #begun = 0
  #hang: () => void = () => undefined
  #arrive: () => void = () => undefined
  readonly #arrived: Promise<void>

  /** 1 for the first write. */
  constructor(number: number) {
    this.#number = number
    this.hangs = new Promise((resolve) => (this.#hang = () => resolve('hangs')))
    this.#arrived = new Promise((resolve) => (this.#arrive = resolve))
  }

  arrive(): void {
    this.#arrive()
  }

  /** Holds it up on its way: it has left the process, and arrives whatever the process would say now. */
  onItsWay(client: TableClient): TableClient {
    client.pipeline.addPolicy(
      {
        name: 'hangingWrite',
        sendRequest: async (request, next) => {
          if (request.method !== 'GET') await this.#begin()
          return next(request)
        },
      },
      { afterPhase: 'Sign' },
    )
    return client
  }

  /** Holds it up before it is sent: the process stands still, or the SDK waits to repeat it. */
  beforeItIsSent(client: TableClient): TableClient {
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        const method = (member as (...args: unknown[]) => unknown).bind(target)
        return WRITES.has(name) ? (...args: unknown[]) => this.#begin().then(() => method(...args)) : method
      },
    })
  }

  async #begin(): Promise<void> {
    if (++this.#begun !== this.#number) return
    this.#hang()
    await this.#arrived
  }
}
