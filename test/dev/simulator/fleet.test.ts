import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fleet, existsAt, missingAt } from '../../../dev/simulator/fleet.ts'
import { dnsNameOf, machineOnTheWire } from '../../../dev/simulator/machine-wire.ts'
import { lastReportAt } from '../../../dev/simulator/reports.ts'
import { storyOf, type Fact } from '../../../dev/simulator/story.ts'
import { DAY, HOUR } from '../../../dev/simulator/time.ts'

const start = new Date('2026-03-02T00:00:00Z')
const firstLook = start.getTime() + 2 * HOUR
const looks = Array.from({ length: 12 }, (_, week) => firstLook + week * 7 * DAY)
const instants = fc.integer({ min: start.getTime() - 30 * DAY, max: start.getTime() + 150 * DAY })

function fleetOf(machines: number, seed = 1): Fleet {
  return new Fleet({ seed, machines, start })
}

/** The stories of a fleet, each told once. */
function storiesOf(fleet: Fleet) {
  const told = new Map<string, Fact[]>()
  return (machineId: string): Fact[] => {
    const facts = told.get(machineId) ?? storyOf(fleet.find(machineId))
    told.set(machineId, facts)
    return facts
  }
}

/** The KBs that are in `earlier` and not in `later`. */
function without(earlier: ReadonlySet<string>, later: ReadonlySet<string>): string[] {
  return [...earlier].filter((kbId) => !later.has(kbId))
}

/** Whether the KB was superseded, or its installation reported, in (from, to]. */
function isExplained(facts: readonly Fact[], kbId: string, from: number, to: number): boolean {
  const isIn = (at: number | undefined) => at !== undefined && from < at && at <= to
  return facts.some(
    (fact) =>
      (fact.kind === 'superseded' && fact.kbId === kbId && isIn(fact.at)) ||
      (fact.kind === 'installed' && fact.kbIds.includes(kbId) && isIn(fact.reportedAt)),
  )
}

describe('the fleet', () => {
  test('is the same for the same seed, in whatever order it is asked', () => {
    const [first, second] = [fleetOf(100), fleetOf(100)]
    fc.assert(
      fc.property(fc.array(instants, { minLength: 2, maxLength: 4 }), (times) => {
        const forward = times.map((at) => first.truth(at))
        const backward = times.toReversed().map((at) => second.truth(at))
        expect(backward.toReversed()).toEqual(forward)
      }),
      { numRuns: 20 },
    )
    expect(fleetOf(100, 2).truth(firstLook)).not.toEqual(first.truth(firstLook))
  })

  test('has ids of 40 hex digits, and a last report that is never in the future and never goes back', () => {
    const fleet = fleetOf(100)
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 3 * DAY }), (at, step) => {
        for (const machine of fleet.existing(at)) {
          expect(machine.machineId).toMatch(/^[0-9a-f]{40}$/)
          const reportedAt = lastReportAt(machine, at) ?? Infinity
          expect(reportedAt).toBeLessThanOrEqual(at)
          expect(lastReportAt(machine, at + step)).toBeGreaterThanOrEqual(reportedAt)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('shows every kind of event in eight weekly looks at 300 machines', () => {
    const fleet = fleetOf(300)
    const story = storiesOf(fleet)
    const kinds = new Set<string>()
    for (const [index, at] of looks.slice(1, 8).entries()) {
      const before = looks[index] ?? 0
      const [earlier, later] = [fleet.truth(before), fleet.truth(at)]
      for (const machine of fleet.existing(at)) {
        const facts = story(machine.machineId)
        for (const fact of facts) if (fact.kind !== 'silent' && before < fact.at && fact.at <= at) kinds.add(fact.kind)
        const missed = earlier.get(machine.machineId)
        const misses = later.get(machine.machineId) ?? new Set()
        if (missed && without(misses, missed).length > 0) kinds.add('appeared')
        const isSilent = at - (lastReportAt(machine, at) ?? at) > 30 * DAY
        if (missed && missed.size > 0 && misses.size === 0 && isSilent) kinds.add('findings forgotten')
        const isBack = facts.some((fact) => fact.kind === 'silent' && fact.to !== undefined && before < fact.to && fact.to <= at)
        if (isBack) kinds.add('back from silence')
      }
      for (const machineId of earlier.keys()) if (!later.has(machineId)) kinds.add('left')
    }
    expect([...kinds].sort()).toEqual(
      ['appeared', 'back from silence', 'findings forgotten', 'installed', 'joined', 'left', 'reimaged', 'returned', 'superseded'].sort(),
    )
  })

  test('loses a KB only by a fact of the story: an installation that was reported, a successor, silence, or the machine has left', () => {
    const fleet = fleetOf(400)
    const story = storiesOf(fleet)
    let losses = 0
    for (const [index, at] of looks.slice(1).entries()) {
      const before = looks[index] ?? 0
      const [earlier, later] = [fleet.truth(before), fleet.truth(at)]
      for (const [machineId, missed] of earlier) {
        const machine = fleet.find(machineId)
        const reportedAt = machine && existsAt(machine, at) ? (lastReportAt(machine, at) ?? 0) : undefined
        for (const kbId of without(missed, later.get(machineId) ?? new Set())) {
          losses++
          const isForgotten = reportedAt !== undefined && at - reportedAt > 30 * DAY
          const hasLeft = story(machineId).some((fact) => fact.kind === 'left' && before < fact.at && fact.at <= at)
          expect(isForgotten || hasLeft || isExplained(story(machineId), kbId, before, at), `${machineId} ${kbId}`).toBe(true)
        }
      }
    }
    expect(losses).toBeGreaterThan(500)
  })

  test('replaces a superseded KB in one and the same moment, and keeps a few beside their successor', () => {
    const fleet = fleetOf(300)
    let [replaced, kept] = [0, 0]
    for (const machine of fleet.existing(firstLook)) {
      for (const fact of storyOf(machine)) {
        if (fact.kind !== 'superseded' || fact.at < start.getTime()) continue
        const [before, after] = [missingAt(machine, fact.at - 1), missingAt(machine, fact.at)].map((list) => list.map(({ kb }) => kb.id))
        if (!before?.includes(fact.kbId)) continue
        replaced++
        expect(after).not.toContain(fact.kbId)
        expect(after).toContain(fact.by)
      }
      const [windows] = machine.lines
      kept += missingAt(machine, firstLook).filter((release) => windows?.includes(release)).length > 1 ? 1 : 0
    }
    expect(replaced).toBeGreaterThan(50)
    expect(kept).toBeGreaterThan(5)
  })

  test('does not know a machine between its leaving and its return, and none installs anything while it is away or silent', () => {
    const fleet = fleetOf(300)
    const counted = { left: 0, returned: 0, silent: 0 }
    for (const machine of fleet.existing(firstLook)) {
      const facts = storyOf(machine)
      const installations = facts.flatMap((fact) => (fact.kind === 'installed' ? [fact.at] : []))
      for (const [index, fact] of facts.entries()) {
        if (fact.kind !== 'left' && fact.kind !== 'returned' && fact.kind !== 'silent') continue
        counted[fact.kind]++
        if (fact.kind === 'silent') {
          expect(installations.filter((at) => fact.from <= at && at < (fact.to ?? Infinity))).toEqual([])
          continue
        }
        expect([existsAt(machine, fact.at - 1), existsAt(machine, fact.at)]).toEqual(fact.kind === 'left' ? [true, false] : [false, true])
        const next = facts.slice(index + 1).find(({ kind }) => kind === 'installed' || kind === 'returned')
        if (fact.kind === 'left') expect(next?.kind).not.toBe('installed')
      }
    }
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(2)
  })

  test('lists nothing of a machine that has been silent for more than 30 days, and forgets it after 180', () => {
    const fleet = fleetOf(300)
    const silent = fleet.existing(firstLook).find(({ life }) => life.awake.at(-1)?.to !== Infinity && life.known.at(-1)?.to === Infinity)
    if (!silent) throw new Error('no machine falls silent for good')
    const lastReport = lastReportAt(silent, Infinity) ?? 0
    expect(missingAt(silent, lastReport + 30 * DAY + 1)).toEqual([])
    expect(existsAt(silent, lastReport + 180 * DAY)).toBe(true)
    expect(existsAt(silent, lastReport + 180 * DAY + 1)).toBe(false)
  })

  test('gives a re-imaged machine a new id under its old DNS name', () => {
    const fleet = fleetOf(300)
    const at = start.getTime() + 119 * DAY
    const reimaged = fleet.existing(at).filter(({ life }) => life.reimagedFrom !== undefined)
    expect(reimaged.length).toBeGreaterThan(0)
    for (const machine of reimaged) {
      const former = fleet.existing(at).find(({ index }) => index === machine.life.reimagedFrom)
      if (!former) continue
      expect(dnsNameOf(machine)).toBe(dnsNameOf(former))
      expect(machine.machineId).not.toBe(former.machineId)
      expect(machineOnTheWire(machine, at).osPlatform).toBe(machineOnTheWire(former, at).osPlatform)
    }
  })

  test('has workstations and servers, a few that are not Windows and miss nothing, and timestamps of seven digits', () => {
    const fleet = fleetOf(600)
    const existing = fleet.existing(firstLook)
    const rows = existing.map((machine) => ({ row: machineOnTheWire(machine, firstLook), missing: missingAt(machine, firstLook) }))
    const platforms = new Set(rows.map(({ row }) => row.osPlatform))
    for (const platform of ['Windows10', 'Windows11', 'WindowsServer2019', 'WindowsServer2022', 'WindowsServer2025', 'macOS', 'Linux']) {
      expect(platforms).toContain(platform)
    }
    for (const { row, missing } of rows) {
      if (!row.osPlatform.startsWith('Windows')) expect(missing).toEqual([])
      expect(row.lastSeen).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
    }
    expect(new Set(rows.map(({ row }) => row.rbacGroupName))).toEqual(new Set(['Workstations', 'Servers', 'Kiosks', null]))
  })
})
