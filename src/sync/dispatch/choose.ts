import { byText } from '../../domain/index.ts'
import { DISPATCH_POLICY } from './policy.ts'

/** A tenant that waits for a slice, and may be sent a message. */
export interface Waiting {
  tenantId: string
  /** Milliseconds since the epoch. */
  sinceMs: number
  /** Its last slice; 0 where it has had none. */
  lastSliceMs: number
  /** What there is to do asks Defender. */
  asksDefender: boolean
}

/** How things stand, as far as it says how many messages may be sent. */
export interface Flow {
  /** Slices that ended in the last minute. */
  slicesEnded: number
  /** The app's own identity gives no token. */
  isAppBlocked: boolean
}

/**
 * Whom a tick sends messages: those that have waited longest, no more than can be taken up. While the app's own identity gives no token, those
 * that need one take turns in trying whether it does again: what is one tenant's trouble after all must not pass for everybody's.
 */
export function choose<W extends Waiting>(waiting: readonly W[], { slicesEnded, isAppBlocked }: Flow): W[] {
  const { leastMessages, messagesPerSlice, probes } = DISPATCH_POLICY
  const most = Math.max(leastMessages, messagesPerSlice * slicesEnded)
  if (!isAppBlocked) return inTurn(waiting, ({ sinceMs }) => sinceMs).slice(0, most)
  const asking = waiting.filter(({ asksDefender }) => asksDefender)
  const others = waiting.filter(({ asksDefender }) => !asksDefender)
  const probing = inTurn(asking, ({ lastSliceMs }) => lastSliceMs).slice(0, probes)
  return [...probing, ...inTurn(others, ({ sinceMs }) => sinceMs).slice(0, most - probes)]
}

const inTurn = <W extends Waiting>(waiting: readonly W[], timeOf: (one: W) => number): W[] =>
  waiting.toSorted((one, other) => timeOf(one) - timeOf(other) || byText(one.tenantId, other.tenantId))
