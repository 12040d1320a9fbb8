/** Time that passes `speed` times as fast as the wall clock's, from a moment that can be set (epoch ms). */
export function startClock(from: number, speed: number): { now: () => number; setNow: (now: number) => void } {
  let moment = { base: from, setAt: Date.now() }
  return {
    now: () => moment.base + (Date.now() - moment.setAt) * speed,
    setNow: (base) => {
      moment = { base, setAt: Date.now() }
    },
  }
}
