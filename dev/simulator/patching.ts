import { drawBetween } from './draw.ts'
import type { Character } from './machine-character.ts'
import { DAY, HOUR, type Stretch } from './time.ts'
import type { Release, UpdateLine } from './update-lines.ts'

/**
 * When the machine installs a release: -Infinity if it came with its image, Infinity if never. Of one that is upgraded, on either system.
 * The owner's habit says how long after its release; a machine that is off by then catches up when it is back.
 */
export function installedAt(machine: Character, { kb, availableAt }: Release): number {
  if (availableAt <= (kb.platforms.length > 0 ? machine.systemImagedAt : machine.imagedAt)) return -Infinity
  const { days } = machine.habit
  if (!days) return Infinity
  const delay = drawBetween(days.from, days.to, machine.seed, machine.index, 'delay', kb.id) * DAY
  const due = Math.floor((availableAt + delay) / DAY) * DAY + machine.maintainsAt
  const catchUp = Math.floor(drawBetween(2 * HOUR, 2 * DAY, machine.seed, machine.index, 'catch up'))
  return whenAwake(machine.life.awake, Math.max(due, availableAt + HOUR), catchUp)
}

function whenAwake(awake: readonly Stretch[], due: number, catchUp: number): number {
  for (const { from, to } of awake) {
    const at = due < from ? from + catchUp : due
    if (at < to) return at
  }
  return Infinity
}

/** Index of the newest release of the line that the machine has at that time; -1 for none. */
export function levelOf(machine: Character, line: UpdateLine, at: number): number {
  for (let level = line.length - 1; level >= 0; level--) {
    const release = line[level]
    if (release && release.availableAt <= at && installedAt(machine, release) <= at) return level
  }
  return -1
}

/**
 * What Defender lists of one line at `at`, for a machine whose last report was at `reportedAt`. Defender compares the inventory of that
 * report with what it knows now, so a KB comes up without a new report, and goes only with one.
 *
 * Of superseded KBs both habits are reported from the field, and nothing is documented: most vanish in the moment in which their successor
 * appears; a few (`staysListed`, the same for every machine) stay until they, or a later one, are installed.
 */
export function listedOfLine(machine: Character, line: UpdateLine, reportedAt: number, at: number): Release[] {
  const newest = newestVisible(line, at)
  const level = levelOf(machine, line, reportedAt)
  const listed: Release[] = []
  for (let index = level + 1; index <= newest; index++) {
    const release = line[index]
    if (release && release.visibleAt <= at && (index === newest || release.staysListed)) listed.push(release)
  }
  return listed
}

/** Index of the newest release of the line that Defender knows at that time; -1 for none. */
export function newestVisible(line: UpdateLine, at: number): number {
  for (let index = line.length - 1; index >= 0; index--) {
    if ((line[index]?.visibleAt ?? Infinity) <= at) return index
  }
  return -1
}
