import { draw } from './draw.ts'
import { asOf, type Character } from './machine-character.ts'
import { installedAt } from './patching.ts'
import { DAY } from './time.ts'
import { WORLD } from './world.ts'

/** A weekend and a bit. */
const LONGEST_PAUSE = 4 * DAY

/**
 * When the machine last sent a full report, at or before `at`; undefined if it has sent none. Machines report once a day
 * (https://learn.microsoft.com/defender-endpoint/api/machine, `lastSeen`), at a time of day of their own, also when they join or come
 * back, and some after the reboot that a Windows update needs.
 */
export function lastReportAt(machine: Character, at: number): number | undefined {
  const stretch = machine.life.awake.findLast(({ from }) => from <= at)
  if (!stretch) return undefined
  const until = Math.min(at, stretch.to - 1)
  return Math.max(stretch.from, dailyReport(machine, until), rebootReport(machine, until))
}

/** The first report at or after `at`; undefined if there is none. */
export function nextReportAt(machine: Character, at: number): number | undefined {
  const hasReportedBy = (by: number) => (lastReportAt(machine, by) ?? -Infinity) >= at
  for (const { from, to } of machine.life.awake) {
    const soonest = Math.max(at, from)
    const latest = Math.min(to - 1, soonest + LONGEST_PAUSE)
    if (soonest <= latest && hasReportedBy(latest)) return firstInstant(soonest, latest, hasReportedBy)
  }
  return undefined
}

/** The first instant in [low, high] at which `holds`, which goes on holding and does at `high`. */
function firstInstant(low: number, high: number, holds: (at: number) => boolean): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return to
}

function dailyReport(machine: Character, until: number): number {
  for (let day = Math.floor((until - machine.reportsAt) / DAY); ; day--) {
    if (machine.sleepsAtWeekend && isWeekend(day)) continue
    const at = day * DAY + machine.reportsAt + Math.floor(draw(machine.seed, machine.index, 'jitter', day) * WORLD.reportJitter)
    if (at <= until) return at
  }
}

/** Day 0 of the epoch was a Thursday. */
function isWeekend(day: number): boolean {
  return (day + 3) % 7 >= 5
}

function rebootReport(machine: Character, until: number): number {
  const { upgrade } = machine
  const upgradedBy = upgrade && upgrade.at + WORLD.rebootTakes
  // Whatever a machine does else, a new system is reported.
  let latest = upgradedBy !== undefined && upgradedBy <= until ? upgradedBy : -Infinity
  if (!machine.reportsAfterReboot) return latest
  for (const system of upgrade ? [machine, upgrade.to] : [machine]) {
    for (const release of system.lines[0] ?? []) {
      if (release.availableAt > until) break
      const installed = installedAt(system, release)
      const at = installed + WORLD.rebootTakes
      if (at <= until && at > latest && asOf(machine, installed) === system) latest = at
    }
  }
  return latest
}
