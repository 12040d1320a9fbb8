/** 1234567 -> 1,234,567 */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** 0.999 -> 99 %: only what is complete is 100. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`

/** The day of an instant: 2026-03-02T02:00:00Z -> 2026-03-02 */
export const dayOf = (instant: string): string => instant.slice(0, 10)

/** The minute of an instant, for people: 2026-03-02T02:00:00Z -> 2026-03-02 02:00 */
export const minuteOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ')

/** 1 snapshot, 8 snapshots */
export const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

/** How long something takes, roughly: 40 -> 40 s, 600 -> 10 min, 7500 -> 2 h 5 min */
export function durationOf(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
