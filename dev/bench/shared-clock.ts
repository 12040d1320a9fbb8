import type { SimulatedClock } from '../simulated-clock.ts'

/** Real milliseconds without a new sleeper after which the clock moves on: what is done between two calls takes less. */
const QUIET_MS = 4

interface Sleeper {
  wakeAt: number
  wake: () => void
}

/**
 * A simulated clock on which many sleep side by side, as calls that are under way at once do: it moves to the next that wakes when nothing
 * else goes on. (`simulatedClock` moves with each sleep, so that there they come one after another.)
 */
export function sharedClock(startMilliseconds: number): SimulatedClock {
  let now = startMilliseconds
  let sleepers: Sleeper[] = []
  let quiet: NodeJS.Timeout | undefined
  const wakeNext = () => {
    quiet = undefined
    now = Math.max(now, Math.min(...sleepers.map(({ wakeAt }) => wakeAt)))
    const awake = sleepers.filter(({ wakeAt }) => wakeAt <= now)
    sleepers = sleepers.filter(({ wakeAt }) => wakeAt > now)
    if (sleepers.length > 0) quiet = setTimeout(wakeNext, QUIET_MS)
    for (const { wake } of awake) wake()
  }
  return {
    now: () => now,
    sleep: (milliseconds) => new Promise((wake) => {
      sleepers.push({ wakeAt: now + Math.max(0, milliseconds), wake })
      quiet = quiet?.refresh() ?? setTimeout(wakeNext, QUIET_MS)
    }),
    advance: (milliseconds) => {
      if (milliseconds < 0) throw new RangeError(`a clock cannot be advanced by ${milliseconds} ms`)
      now += milliseconds
    },
    set: (milliseconds) => {
      if (milliseconds < now) throw new RangeError(`a clock at ${now} cannot be set back to ${milliseconds}`)
      now = milliseconds
    },
  }
}
