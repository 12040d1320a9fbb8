/** A message as a queue holds it: hidden until an instant (ms), and delivered so often. */
export interface QueuedMessage {
  body: unknown
  visibleAtMs: number
  dequeueCount: number
}

/** What the host hides a message for that it has in hand, whatever its settings say. */
const HIDDEN_MS = 10 * 60_000
const MOST_DELIVERIES = 5

/** A queue as the Functions host uses one, by instants that the caller gives: at least once, in no order that is promised. */
export class MessageQueue {
  messages: QueuedMessage[] = []
  readonly poisoned: unknown[] = []

  send(bodies: readonly unknown[], nowMs: number): void {
    for (const body of bodies) this.messages.push({ body, visibleAtMs: nowMs, dequeueCount: 0 })
  }

  /** When the next message can be seen; undefined where there is none. */
  get nextVisibleMs(): number | undefined {
    return this.messages.length === 0 ? undefined : Math.min(...this.messages.map(({ visibleAtMs }) => visibleAtMs))
  }

  /** The next visible message, hidden from then on until it is done with. */
  receive(nowMs: number): QueuedMessage | undefined {
    const found = this.messages.find(({ visibleAtMs }) => visibleAtMs <= nowMs)
    if (!found) return undefined
    if (found.dequeueCount >= MOST_DELIVERIES) {
      this.done(found)
      this.poisoned.push(found.body)
      return this.receive(nowMs)
    }
    found.visibleAtMs = nowMs + HIDDEN_MS
    found.dequeueCount += 1
    return found
  }

  /** The function returned. One whose process was killed is never done, and comes again. */
  done(message: QueuedMessage): void {
    this.messages = this.messages.filter((other) => other !== message)
  }
}
