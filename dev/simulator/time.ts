export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A stretch of time, `from` included, `to` not; epoch milliseconds, `to` may be Infinity. */
export interface Stretch {
  from: number
  to: number
}

export function isWithin(stretches: readonly Stretch[], at: number): boolean {
  return stretches.some(({ from, to }) => from <= at && at < to)
}

/** `1772409600123` and `4567` give `2026-03-02T00:00:00.1234567Z`: Defender sends seven fraction digits, which no JavaScript clock has. */
export function sevenDigitTimestamp(at: number, tenthsOfMicroseconds: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}${String(tenthsOfMicroseconds).padStart(4, '0')}Z`
}
