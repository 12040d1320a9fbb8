import { simulatedClock, type SimulatedClock } from '../simulated-clock.ts'

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
  const clock = simulatedClock(startMilliseconds)
  let sleepers: Sleeper[] = []
  let quiet: NodeJS.Timeout | undefined
  const wakeNext = () => {
    quiet = undefined
    clock.set(Math.max(clock.now(), Math.min(...sleepers.map(({ wakeAt }) => wakeAt))))
    const now = clock.now()
    const awake = sleepers.filter(({ wakeAt }) => wakeAt <= now)
    sleepers = sleepers.filter(({ wakeAt }) => wakeAt > now)
    if (sleepers.length > 0) quiet = setTimeout(wakeNext, QUIET_MS)
    for (const { wake } of awake) wake()
  }
  return {
    ...clock,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ wakeAt: clock.now() + Math.max(0, milliseconds), wake })
        quiet = quiet?.refresh() ?? setTimeout(wakeNext, QUIET_MS)
      }),
  }
}
