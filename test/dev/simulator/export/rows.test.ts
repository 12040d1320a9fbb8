import { beforeAll, describe, expect, test } from 'vitest'
import { lackedAt } from '../../../../dev/simulator/lacked.ts'
import type { Character } from '../../../../dev/simulator/machine-character.ts'
import { lastReportAt } from '../../../../dev/simulator/reports.ts'
import type { TenantWorld } from '../../../../dev/simulator/tenant-world.ts'
import { DAY, HOUR } from '../../../../dev/simulator/time.ts'
import { REFERENCE } from '../client.ts'
import { idOf, kbsByMachine, rowsIn, textsOf, worldOf, type Row } from './exporting.ts'

let world: TenantWorld
let rows: Row[]
let madeAt: number
beforeAll(async () => {
  world = worldOf({ machines: 200 })
  madeAt = world.exports.latest(REFERENCE)
  rows = [...(await textsOf(world, REFERENCE)).values()].flatMap(rowsIn)
})

const machineOf = (machineId: string): Character => world.fleet.find(machineId) ?? expect.fail(`no machine ${machineId}`)
const isOfKb = (row: Row): boolean => /^\d+$/.test(String(row.RecommendedSecurityUpdateId))
const isOfWindows = (row: Row): boolean => String(row.SoftwareName).startsWith('windows_')

describe('the rows of an export', () => {
  test('are the CVEs of every KB that a machine lacks, so that superseded KBs stand beside their successors', () => {
    const told = kbsByMachine(rows.filter(isOfKb))
    const lacking = world.fleet.existing(madeAt).map((machine) => [machine.machineId, lackedAt(machine, madeAt)] as const)
    const truth = lacking.map(([machineId, lacked]) => [machineId, new Set(lacked.map(({ release }) => release.kb.id))] as const)
    expect(told).toEqual(new Map(truth.filter(([, kbIds]) => kbIds.size > 0)))
    const behind = lacking.find(([, lacked]) => lacked.filter(({ products }) => products[0] === 'windows_11').length === 3)?.[0]
    const names = rows
      .filter((row) => idOf(row) === behind && row.SoftwareName === 'windows_11')
      .map((row) => row.RecommendedSecurityUpdate)
    expect(new Set(names)).toEqual(new Set(['January', 'February', 'March'].map((month) => `${month} 2026 Security Updates`)))
  })

  test('are one for each machine, product and CVE, with no more CVEs of a KB than it has', () => {
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(rows.length)
    for (const row of rows) expect(row.Id).toMatch(new RegExp(`^${idOf(row)}_.*_${String(row.CveId)}$`))
    const kbs = new Map(
      world.fleet.existing(madeAt).flatMap((machine) => lackedAt(machine, madeAt).map(({ release: { kb } }) => [kb.id, kb])),
    )
    const counts = new Map<string, number>()
    for (const row of rows.filter(isOfKb)) {
      const key = [idOf(row), row.SoftwareName, row.RecommendedSecurityUpdateId].join('|')
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    for (const [key, count] of counts) expect(count).toBeLessThanOrEqual(kbs.get(key.split('|')[2] ?? '')?.cves ?? 0)
    expect(Math.max(...counts.values())).toBeGreaterThan(3)
  })

  test('have the shape of files: PascalCase, nulls left out, timestamps without a zone', () => {
    const row = rows.find((one) => isOfKb(one) && isOfWindows(one)) ?? {}
    expect(row).toMatchObject({
      DeviceId: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
      OsVersion: expect.stringMatching(/^10\.0\.\d{5}\.\d+$/) as unknown,
      RecommendedSecurityUpdateUrl: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${String(row.RecommendedSecurityUpdateId)}`,
      CveBatchTitle: expect.stringMatching(/^Microsoft \w+ \d{4} Security Updates$/) as unknown,
      FirstSeenTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as unknown,
      SecurityUpdateAvailable: true,
      IsOnboarded: true,
    })
    expect(rows.every((one) => Object.values(one).every((value) => value !== null))).toBe(true)
    expect(new Set(rows.map(({ LastSeenTimestamp }) => String(LastSeenTimestamp).length))).toEqual(new Set([19, 27]))
    expect(rows.every((one) => isOfWindows(one) === !('DiskPaths' in one))).toBe(true)
    expect(rows.some(({ DiskPaths }) => (DiskPaths as string[] | undefined)?.length === 0)).toBe(true)
    expect(rows.some(({ DiskPaths }) => (DiskPaths as string[] | undefined)?.length === 1)).toBe(true)
  })

  test('have other vendors with names, ids and weaknesses that are no KBs', () => {
    const others = rows.filter((row) => !isOfKb(row))
    const named = (name: string) => others.filter(({ SoftwareName }) => SoftwareName === name)
    for (const name of ['edge_chromium-based', 'powershell']) {
      expect(named(name).length).toBeGreaterThan(0)
      for (const row of named(name))
        expect(row).toMatchObject({ SoftwareVendor: 'microsoft', RecommendedSecurityUpdate: 'March 2026 Security Updates' })
      expect(named(name).some((row) => 'RecommendedSecurityUpdateId' in row)).toBe(false)
    }
    expect(named('chrome')[0]?.RecommendedSecurityUpdate).toMatch(/^CVE-/)
    expect(named('7-zip')[0]).not.toHaveProperty('RecommendedSecurityUpdate')
    expect(named('openssl')[0]?.CveId).toMatch(/^TVM-2026-\d{4}$/)
    const onLinux = others.filter(({ OsPlatform }) => OsPlatform === 'Linux')
    expect(onLinux.length).toBeGreaterThan(0)
    for (const row of onLinux) expect(row.RecommendedSecurityUpdateId).toMatch(/^(USN-\d{4}-1|RHSA-2024:\d{4})$/)
  })

  test('name a bulletin another way now and then, but never more often than its own', () => {
    const counts = new Map<string, Map<string, number>>()
    for (const { RecommendedSecurityUpdateId: id, RecommendedSecurityUpdate: name } of rows.filter(isOfKb)) {
      const names = counts.get(String(id)) ?? new Map<string, number>()
      counts.set(String(id), names.set(String(name), (names.get(String(name)) ?? 0) + 1))
    }
    const kbs = new Map(
      world.fleet.existing(madeAt).flatMap((machine) => lackedAt(machine, madeAt).map(({ release: { kb } }) => [kb.id, kb])),
    )
    for (const [kbId, names] of counts) {
      const [most] = [...names].sort(([, one], [, other]) => other - one)
      expect(most?.[0]).toBe(kbs.get(kbId)?.name)
    }
    expect([...counts.values()].some(({ size }) => size > 1)).toBe(true)
  })

  test('tell the version of the system that the machine reported last, which an installation moves', () => {
    const exports = [REFERENCE, REFERENCE + 12 * DAY].map((at) => world.exports.exported(at).machines)
    const [kept, moved] = [new Set<string>(), new Set<string>()]
    for (const machineId of kbsByMachine(rows).keys()) {
      const [before, after] = exports.map((machines) => machines.get(machineId)?.osVersion.split('.').map(Number))
      if (!before || !after || before[2] !== after[2]) continue
      const revisions = [before[3] ?? 0, after[3] ?? 0] as const
      expect(revisions[1]).toBeGreaterThanOrEqual(revisions[0])
      ;(revisions[1] > revisions[0] ? moved : kept).add(machineId)
    }
    expect(Math.min(moved.size, kept.size)).toBeGreaterThan(20)
    const oneOff = rows.filter((row) => isOfWindows(row) && row.SoftwareVersion !== row.OsVersion)
    expect(oneOff.length).toBeGreaterThan(0)
    for (const { SoftwareVersion, OsVersion } of oneOff)
      expect(Number(String(SoftwareVersion).split('.')[3]) - Number(String(OsVersion).split('.')[3])).toBe(1)
  })
})

describe('who is in an export', () => {
  test('is not a machine that is clean of every CVE, nor one that is not judged, but a silent one for 30 days', () => {
    const told = kbsByMachine(rows)
    const silences = world.fleet.existing(madeAt).map((machine) => [machine, madeAt - (lastReportAt(machine, madeAt) ?? 0)] as const)
    const isIn = ([{ machineId }]: (typeof silences)[number]) => told.has(machineId)
    expect(silences.filter(([, silence]) => silence > 17 * DAY && silence <= 30 * DAY).some(isIn)).toBe(true)
    expect(silences.filter(([, silence]) => silence > 30 * DAY).some(isIn)).toBe(false)
    expect(silences.filter(([{ onboarded }]) => !onboarded).some(isIn)).toBe(false)
    const judged = silences.filter(([{ onboarded }, silence]) => onboarded && silence <= 30 * DAY)
    const clean = judged.filter(([machine]) => lackedAt(machine, madeAt).length === 0)
    // Some machines without a KB have a row of something else, and some have none.
    expect(Math.min(clean.filter(isIn).length, clean.filter((one) => !isIn(one)).length)).toBeGreaterThan(10)
  })

  test('has CVEs that were found after its last report', () => {
    const late = rows.filter((row) => String(row.FirstSeenTimestamp) > String(row.LastSeenTimestamp))
    expect(new Set(late.map(({ SoftwareName }) => SoftwareName)).size).toBeGreaterThan(1)
    for (const row of late)
      expect(lastReportAt(machineOf(idOf(row)), madeAt)).toBeLessThan(Date.parse(`${String(row.FirstSeenTimestamp)}Z`))
    expect(late.some(({ SoftwareName }) => SoftwareName === 'edge_chromium-based')).toBe(true)
  })

  test('is with nullCveRows every machine that is judged, the clean ones by rows without a CVE', async () => {
    const withNulls = worldOf({ machines: 200, export: { nullCveRows: true } })
    const all = [...(await textsOf(withNulls, REFERENCE)).values()].flatMap(rowsIn)
    const judged = withNulls.fleet.existing(madeAt).filter((one) => one.onboarded && madeAt - (lastReportAt(one, madeAt) ?? 0) <= 30 * DAY)
    expect(new Set(all.map(idOf))).toEqual(new Set(judged.map(({ machineId }) => machineId)))
    const nulls = all.filter((row) => !('CveId' in row))
    expect(nulls.length).toBe(all.length - rows.length)
    expect(nulls[0]?.Id).toMatch(/_$/)
    expect(nulls.some((row) => 'RecommendedSecurityUpdateId' in row || 'CvssScore' in row)).toBe(false)
  })
})

describe('how files are made', () => {
  test('a machine is in the file that is told of it, and in no other', async () => {
    const told = new Map([...world.exports.exported(REFERENCE).machines].map(([machineId, { files }]) => [machineId, files]))
    const found = new Map<string, Set<string>>()
    for (const [name, text] of await textsOf(world, REFERENCE))
      for (const row of rowsIn(text)) found.set(idOf(row), (found.get(idOf(row)) ?? new Set()).add(name))
    expect(new Map([...found].map(([machineId, files]) => [machineId, [...files]]))).toEqual(told)
    expect(new Set([...told.values()].flat()).size).toBe(world.exports.files(madeAt).length)
  })

  test('scattered: the same rows, of a machine in several files and among those of others', async () => {
    const scattered = await textsOf(worldOf({ machines: 200, export: { scattered: true } }), REFERENCE)
    const byFile = [...scattered.values()].map(rowsIn)
    const sorted = (all: Row[]) => all.map(({ Id }) => String(Id)).sort()
    expect(sorted(byFile.flat())).toEqual(sorted(rows))
    const [first, second] = byFile.map((file) => new Set(file.map(idOf)))
    expect([...(first ?? [])].filter((machineId) => second?.has(machineId)).length).toBeGreaterThan(5)
    const [order = []] = byFile.map((file) => file.map(idOf))
    const neighbours = order.filter((machineId, at) => machineId === order[at + 1])
    expect(neighbours.length).toBeLessThan(order.length / 2)
  })

  test('manyMembers: the same text in more gzip members than one', async () => {
    const members = await textsOf(worldOf({ machines: 200, export: { manyMembers: true } }), REFERENCE)
    expect([...members.values()]).toEqual([...(await textsOf(world, REFERENCE)).values()])
  })

  test('rowsPerMachine is about how many rows a machine has that has anything', () => {
    const many = worldOf({ export: { rowsPerMachine: 100 } }).exports.exported(REFERENCE)
    const counts = [...many.machines.values()].map(({ rows: count }) => count).sort((a, b) => a - b)
    expect(counts[Math.floor(counts.length / 2)]).toBe(100)
    expect(many.generatedAt).toBeGreaterThan(REFERENCE - 6 * HOUR)
  })
})
