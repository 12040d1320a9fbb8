import { draw, drawIndex } from '../simulator/draw.ts'
import { DAY, HOUR, MINUTE } from '../simulator/time.ts'

/** What happens at one snapshot. */
export interface PlannedLook {
  /** Epoch ms; Defender stands still from then until it has ended. */
  at: number
  /** Asked for by hand, not by the schedule. */
  manual: boolean
  /** Share of the machines that give no answer. */
  unknownShare: number
  /** Share of the machines without a newer report of which Defender answers that they miss nothing, whenever it is asked. */
  forgottenShare: number
  /** The process is killed when these tables have been written to, one after the other. */
  killAfter?: readonly string[]
}

/** Mondays at 02:00, as the schedule of the program says. */
export const SCHEDULE = '0 0 2 * * 1'
const FIRST = Date.parse('2026-03-02T02:00:00Z')

/** Where a kill is worth most: between what a snapshot counts and its end, and where machines are half done. `kbs` after `trends` is the last of what is counted. */
const KILLED_AT = [['trends'], ['machines'], ['trends', 'kbs'], ['missingkbs'], ['kbtotals']] as const

/**
 * A snapshot every Monday, one between two of them every third week, two more on one day every eighth; in each fifth some machines give no
 * answer, and in each fourth the process is killed on the way. In the second of a day Defender forgets what it found on some machines.
 */
export function planLooks(seed: number, weeks: number): PlannedLook[] {
  const starts: Omit<PlannedLook, 'unknownShare' | 'killAfter'>[] = []
  for (let week = 0; week < weeks; week++) {
    const monday = FIRST + week * 7 * DAY
    starts.push({ at: monday, manual: false, forgottenShare: 0 })
    if (week % 3 === 2) starts.push({ at: monday + between(seed, week), manual: true, forgottenShare: 0 })
    if (week % 8 !== 5) continue
    starts.push({ at: monday + 9 * HOUR, manual: true, forgottenShare: 0.3 })
    starts.push({ at: monday + 15 * HOUR + 25 * MINUTE, manual: true, forgottenShare: 0 })
  }
  return starts.sort((a, b) => a.at - b.at).map((start, index) => ({ ...start, ...disturbanceOf(seed, index) }))
}

/** Some time from Wednesday to Saturday, on a whole minute. */
function between(seed: number, week: number): number {
  return (2 + drawIndex(4, seed, 'odd day', week)) * DAY + drawIndex(20 * 60, seed, 'odd minute', week) * MINUTE
}

function disturbanceOf(seed: number, index: number): Pick<PlannedLook, 'unknownShare' | 'killAfter'> {
  const unknownShare = index % 5 === 2 ? 0.05 + 0.1 * draw(seed, 'unknown share', index) : 0
  const tables = KILLED_AT[Math.floor(index / 4) % KILLED_AT.length]
  return { unknownShare, ...(index % 4 === 3 && tables !== undefined && { killAfter: tables }) }
}
