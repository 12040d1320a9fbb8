import { nextStart, parseSchedule } from '../../src/schedule/index.ts'

export const SIMULATED_MINUTE = 60_000

/** Mondays at 02:00. The second snapshot after it sees a Patch Tuesday, and so does the eighth. */
export const DEMO_SCHEDULE = '0 0 2 * * 1'

/** Just before the first of the Mondays for which the simulated fleet has a story to tell. */
export const DEMO_START = Date.parse('2026-03-02T01:59:00Z')

/** The first scheduled start after an instant (ms). */
export function nextDemoStart(after: number): number {
  const parsed = parseSchedule(DEMO_SCHEDULE)
  const start = parsed.ok ? nextStart(parsed.schedule, after) : null
  if (start === null) throw new Error(`The schedule ${DEMO_SCHEDULE} has no start after ${new Date(after).toISOString()}.`)
  return start
}
