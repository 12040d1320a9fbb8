export interface Window {
  milliseconds: number
  calls: number
}

/** When each of `count` calls can be sent at the earliest, milliseconds after the first, with no window ever holding more than it may. */
export function leastTimes(count: number, windows: readonly Window[]): number[] {
  const times: number[] = []
  for (let call = 0; call < count; call++) {
    times.push(
      Math.max(times[call - 1] ?? 0, ...windows.map(({ milliseconds, calls }) => (times[call - calls] ?? -milliseconds) + milliseconds)),
    )
  }
  return times
}

/** Calls that came too early: one more than a window may hold, within it. */
export function violations(sentAtMs: readonly number[], windows: readonly Window[]): number {
  const sorted = [...sentAtMs].sort((a, b) => a - b)
  return windows.reduce(
    (sum, { milliseconds, calls }) => sum + sorted.filter((at, index) => at - (sorted[index - calls] ?? -Infinity) < milliseconds).length,
    0,
  )
}
