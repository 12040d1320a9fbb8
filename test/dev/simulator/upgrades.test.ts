import { describe, expect, test } from 'vitest'
import { Fleet, existsAt, missingAt } from '../../../dev/simulator/fleet.ts'
import type { Character } from '../../../dev/simulator/machine-character.ts'
import { machineOnTheWire } from '../../../dev/simulator/machine-wire.ts'
import { lastReportAt } from '../../../dev/simulator/reports.ts'
import { storyOf, type Fact } from '../../../dev/simulator/story.ts'
import { DAY, HOUR } from '../../../dev/simulator/time.ts'
import { PLATFORMS } from '../../../dev/simulator/world.ts'

const start = new Date('2026-03-02T00:00:00Z')
const end = start.getTime() + 182 * DAY

type Upgraded = Extract<Fact, { kind: 'upgraded' }>

function upgradedOf(upgrades: number): { machine: Character; fact: Upgraded }[] {
  const fleet = new Fleet({ seed: 3, machines: 200, start, upgrades })
  const everThere = new Map([0, 60, 120].flatMap((day) => fleet.existing(start.getTime() + day * DAY).map((one) => [one.machineId, one])))
  return [...everThere.values()].flatMap((machine) =>
    storyOf(machine).flatMap((fact) => (fact.kind === 'upgraded' ? [{ machine, fact }] : [])),
  )
}

const systemAt = (machine: Character, at: number) => {
  const { osPlatform, version } = machineOnTheWire(machine, at)
  return `${osPlatform} ${version}`
}

/** What the catalogue of KBs calls a system. */
const catalogNameOf = (system: string) =>
  PLATFORMS.find(({ osPlatform, version }) => `${osPlatform} ${version}` === system)?.catalogPlatform ?? 'no system'

/** What it misses of Windows, and of everything else. */
const missesAt = (machine: Character, at: number) => {
  const missing = missingAt(machine, at)
  const [windows, others] = [missing.filter(({ kb }) => kb.platforms.length > 0), missing.filter(({ kb }) => kb.platforms.length === 0)]
  return { windows: windows.map(({ kb }) => kb.platforms), others: others.map(({ kb }) => kb.id) }
}

describe('machines that are upgraded', () => {
  const all = upgradedOf(1)

  test('are those that were wished for, and none unless they were', () => {
    expect(upgradedOf(0)).toEqual([])
    const some = upgradedOf(0.2)
    expect(some.length).toBeGreaterThan(5)
    expect(all.length).toBeGreaterThan(2 * some.length)
    expect(new Set(all.map(({ fact }) => `${fact.from} > ${fact.to}`))).toEqual(
      new Set([
        'Windows10 22H2 > Windows11 24H2',
        'Windows10 21H2 > Windows11 23H2',
        'Windows11 22H2 > Windows11 24H2',
        'Windows11 23H2 > Windows11 24H2',
      ]),
    )
  })

  test('show their new system with the report that tells of it, and lack its updates alone from then on', () => {
    let changed = 0
    for (const { machine, fact } of all) {
      if (fact.reportedAt === undefined) throw new Error('an upgrade that nobody hears of')
      expect(fact.reportedAt - fact.at).toBeGreaterThanOrEqual(0)
      expect(fact.reportedAt - fact.at).toBeLessThanOrEqual(HOUR)
      if (!machine.onboarded || !existsAt(machine, fact.reportedAt)) continue
      expect([systemAt(machine, fact.reportedAt - 1), systemAt(machine, fact.reportedAt)]).toEqual([fact.from, fact.to])
      const [before, after] = [missesAt(machine, fact.reportedAt - 1), missesAt(machine, fact.reportedAt)]
      expect(before.windows.every((platforms) => platforms.includes(catalogNameOf(fact.from)))).toBe(true)
      expect(after.windows.every((platforms) => platforms.includes(catalogNameOf(fact.to)))).toBe(true)
      expect(before.others.filter((kbId) => !after.others.includes(kbId)).length).toBeLessThanOrEqual(1)
      if (before.windows.length > 0) changed++
    }
    expect(changed).toBeGreaterThan(10)
  })

  test('report no earlier than they did, whenever they are asked', () => {
    for (const { machine } of all) {
      let latest = -Infinity
      for (let at = start.getTime(); at < end; at += 7 * HOUR) {
        const reportedAt = lastReportAt(machine, at) ?? -Infinity
        expect(reportedAt).toBeGreaterThanOrEqual(latest)
        expect(reportedAt).toBeLessThanOrEqual(at)
        latest = reportedAt
      }
    }
  })

  test('install what the new system lacks, and nothing more of the old one', () => {
    let installed = 0
    for (const { machine, fact } of all) {
      const later = storyOf(machine).flatMap((one) => (one.kind === 'installed' && one.at > fact.at ? one.kbIds : []))
      const lines = machine.upgrade?.to.lines.flat().map(({ kb }) => kb.id) ?? []
      expect(later.filter((kbId) => !lines.includes(kbId))).toEqual([])
      installed += later.length
    }
    expect(installed).toBeGreaterThan(50)
  })
})
