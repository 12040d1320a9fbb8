import { type HostLog, logFailure } from './host-log.ts'
import type { MessageQueue, ReceivedMessage } from './message-queue.ts'
import { decodeText } from './message-text.ts'
import type { QueueSettings } from './queue-settings.ts'

/** For how long a received message is hidden; no setting changes it. */
const HIDDEN_SECONDS = 600

interface QueueListenerOptions {
  queue: MessageQueue
  settings: QueueSettings
  /** Runs the function; `text` is decoded. The message fails if it rejects. */
  invoke: (message: ReceivedMessage) => Promise<void>
  log: HostLog
}

/**
 * Receives messages as one instance of the real host does, and has each dealt with: deleted after success, visible again after a failure,
 * moved to the poison queue after too many. A poison queue has none of its own: what fails there stays, hidden. It has no timers: who holds it
 * asks for every round. So it does not renew the ten minutes at half time either, as the real one does for as long as its process lives: an
 * invocation that never ends is one whose process was killed.
 * https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues/src, QueueListener,
 * QueueProcessor and QueueListenerFactory
 */
export class QueueListener {
  readonly #options: QueueListenerOptions
  readonly #inFlight = new Set<Promise<void>>()
  #received = 0
  #invocations = 0
  #hasQueue = false
  #isTaking = false

  constructor(options: QueueListenerOptions) {
    this.#options = options
  }

  /** Messages that are being dealt with. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Deliveries so far: some make no invocation, and may yet move a message. */
  get received(): number {
    return this.#received
  }

  /**
   * One round: receives a batch, unless more than `newBatchThreshold` messages are in flight, and begins to deal with it. Resolves to how many
   * messages came, without waiting for them.
   */
  async receiveOnce(): Promise<number> {
    const { queue, settings } = this.#options
    if (this.#inFlight.size > settings.newBatchThreshold) return 0
    // The real one makes no queue: it looks again until there is one. Here nobody else would come to make it.
    if (!this.#hasQueue) await queue.create()
    this.#hasQueue = true
    const messages = await queue.receive(settings.batchSize, HIDDEN_SECONDS)
    this.#received += messages.length
    for (const message of messages) this.#begin(message)
    return messages.length
  }

  /** Receives until no message is visible and none is in flight. Resolves to how many invocations were made. */
  async takeMessages(): Promise<number> {
    if (this.#isTaking) throw new Error(`The listener of "${this.#options.queue.name}" is taking messages already.`)
    this.#isTaking = true
    const before = this.#invocations
    try {
      for (;;) {
        const received = await this.receiveOnce()
        if (received === 0 && this.#inFlight.size === 0) return this.#invocations - before
        if (received === 0 || this.#inFlight.size > this.#options.settings.newBatchThreshold) await Promise.race(this.#inFlight)
      }
    } finally {
      this.#isTaking = false
    }
  }

  /** Resolves when everything that is in flight now is dealt with. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight)
  }

  #begin(message: ReceivedMessage): void {
    const { log, queue } = this.#options
    // A storage that fails here costs the message no more than its ten minutes.
    const work = this.#dealWith(message).catch((error: unknown) => logFailure(log, queue.name, error))
    const done = work.finally(() => this.#inFlight.delete(done))
    this.#inFlight.add(done)
  }

  async #dealWith(message: ReceivedMessage): Promise<void> {
    const { settings } = this.#options
    const text = decodeText(message.text, settings.messageEncoding)
    if (text === undefined) {
      // The real host's client moves it at its first delivery, as it is, before any function sees it (QueueServiceClientProvider).
      this.#warn(`Message decoding has failed! Check MessageEncoding settings. MessageId=${message.id}.`)
      return this.#moveToPoison(message)
    }
    // Whoever took it the last times has died of it, or with it.
    if (message.dequeueCount > settings.maxDequeueCount) return this.#moveToPoison(message)
    if (await this.#succeeds({ ...message, text })) return this.#remove(message)
    if (this.#isPoison) return
    if (message.dequeueCount >= settings.maxDequeueCount) return this.#moveToPoison(message)
    await this.#options.queue.hide(message, settings.visibilityTimeoutSeconds)
  }

  async #succeeds(message: ReceivedMessage): Promise<boolean> {
    const { invoke, log, queue } = this.#options
    this.#invocations += 1
    try {
      await invoke(message)
      return true
    } catch (error) {
      logFailure(log, queue.name, error)
      return false
    }
  }

  get #isPoison(): boolean {
    return this.#options.queue.name.endsWith('-poison')
  }

  async #moveToPoison(message: ReceivedMessage): Promise<void> {
    if (this.#isPoison) return
    const poison = this.#options.queue.poison()
    this.#warn(
      `Message has reached MaxDequeueCount of ${this.#options.settings.maxDequeueCount}. Moving message to queue '${poison.name}'.`,
    )
    await poison.send(message.text)
    await this.#remove(message)
  }

  async #remove(message: ReceivedMessage): Promise<void> {
    const { queue, log } = this.#options
    if (await queue.remove(message)) return
    const reason = 'it is gone, or another has received it since'
    log({
      level: 'debug',
      category: 'system',
      functionName: queue.name,
      message: `Unable to delete queue message '${message.id}': ${reason}.`,
    })
  }

  #warn(message: string): void {
    this.#options.log({ level: 'warning', category: 'system', functionName: this.#options.queue.name, message })
  }
}
