/** 1,018 */
export const numeral = (value: number): string => value.toLocaleString('en-US')

/** +347, −12, ±0: the sign always shows. */
export const signed = (value: number): string => (value === 0 ? '±0' : `${value > 0 ? '+' : '−'}${numeral(Math.abs(value))}`)

/** 0.9987 as 99.8 %: rounded down, so that only all is 100 %. */
export function percent(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9)
  return `${tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1)} %`
}

/** The day of an instant, in UTC. */
export const day = (at: string): string => at.slice(0, 10)

/** Day and minute of an instant, in UTC. */
export const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`

/** 202605 as 2026-05. */
export const monthName = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}`

/** The instant of a snapshot by its id: 20260612T020000Z. */
export const instantOf = (snapshotId: string): string =>
  snapshotId.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z')

/** Hours in the largest unit that fits: 6 h, 3 d. */
export const hours = (count: number): string => (count < 48 ? `${count} h` : `${Math.floor(count / 24)} d`)

/** How long it took from one instant to another. */
export function lasted(from: string, to: string): string {
  const minutes = Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 60_000))
  return minutes < 120 ? `${minutes} min` : hours(Math.round(minutes / 60))
}

/** Days of an exposure; one that may have begun before says so. */
export const days = (count: number, isAtLeast = false): string => `${isAtLeast ? 'at least ' : ''}${numeral(count)} d`

/** What superseded a KB, in words after a reason; empty where nothing is named. The first three stand for all. */
export const successors = (replacedBy: readonly string[] | undefined): string =>
  replacedBy?.length
    ? ` by ${replacedBy
        .slice(0, 3)
        .map((kbId) => `KB${kbId}`)
        .join(', ')}`
    : ''
