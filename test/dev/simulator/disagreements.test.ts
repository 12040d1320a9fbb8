import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { exportSightOf, verdictOf } from '../../../dev/oracle/exported.ts'
import type { Disagreements, PlantedDisagreement } from '../../../dev/simulator/export/disagreements.ts'
import { HOUR } from '../../../dev/simulator/time.ts'
import { idsOf, missingKbsPath, REFERENCE, rowsOf as rowsOfBody } from './client.ts'
import { kbsByMachine, rowsOf, startExporting, worldOf, type Exporting } from './export/exporting.ts'

let exporting: Exporting
let generatedAt: number
beforeAll(async () => {
  // Both sides list everything: what differs was planted.
  exporting = await startExporting({ superseded: 'all' })
  generatedAt = exporting.simulator.exported(REFERENCE).generatedAt
})
afterAll(() => exporting.close())
afterEach(() => {
  exporting.simulator.plant({ more: false, less: false, both: false, moved: false, count: false })
  exporting.clock.now = REFERENCE
})

const missingOf = async (machineId: string) => {
  const response = await exporting.get(missingKbsPath(machineId))
  return new Set(idsOf((await response.json()) as Record<string, unknown>))
}

/** Asks both sides over HTTP, right after the export was made, and compares what they say with what they say of nothing planted. */
async function played(disagreements: Disagreements): Promise<PlantedDisagreement[]> {
  const { simulator, clock, call } = exporting
  clock.now = generatedAt
  simulator.plant(disagreements)
  const told = kbsByMachine(await rowsOf((await call()).files))
  const found: PlantedDisagreement[] = []
  for (const { machineId, ...planted } of simulator.planted(clock.now).machines) {
    if (planted.reportedAt !== undefined) clock.now = planted.reportedAt
    const [exported, asked] = [told.get(machineId) ?? new Set<string>(), await missingOf(machineId)]
    const more = [...exported].filter((kbId) => !asked.has(kbId))
    const less = [...asked].filter((kbId) => !exported.has(kbId))
    found.push({ ...planted, machineId, more, less })
  }
  return found
}

describe('a planted disagreement', () => {
  test('there is none unless it is planted: with all superseded KBs listed, both sides say the same', async () => {
    const { simulator, clock } = exporting
    clock.now = generatedAt
    expect(simulator.planted(generatedAt)).toEqual({ machines: [], counts: [] })
    const { machines } = simulator.exported(generatedAt)
    for (const [machineId, kbIds] of simulator.truth(generatedAt)) {
      const { exists = false, attributes } = simulator.machine(machineId, generatedAt) ?? {}
      if (!exists || attributes?.onboardingStatus !== 'Onboarded') continue
      expect(new Set(machines.get(machineId)?.kbs.map(({ kb }) => kb.id))).toEqual(kbIds)
    }
  })

  test.each(['more', 'less', 'both', 'moved'] as const)('%s is over HTTP what the ledger says', async (kind) => {
    const found = await played({ [kind]: { rate: 0.4 } })
    expect(found.length).toBeGreaterThan(3)
    expect(found).toEqual(exporting.simulator.planted(generatedAt).machines)
    for (const one of found) {
      expect(one.kind).toBe(kind)
      expect(one.more.length > 0).toBe(kind !== 'less')
      if (kind !== 'both') expect(one.less.length > 0).toBe(kind === 'less')
    }
    if (kind === 'both') expect(found.some(({ less }) => less.length > 0)).toBe(true)
  })

  test.each(['all', 'newest'] as const)('has the verdict that it is named for, if getmissingkbs lists %s', (superseded) => {
    for (const kind of ['none', 'more', 'less', 'both', 'moved'] as const) {
      const { fleet, exports, planted } = worldOf({ superseded, disagreements: kind === 'none' ? {} : { [kind]: { rate: 0.5 } } })
      const exported = exports.exported(REFERENCE)
      const ledger = new Map(planted.ledger(generatedAt, fleet).map((one) => [one.machineId, one]))
      expect(ledger.size > 5).toBe(kind !== 'none')
      for (const machineId of exported.machines.keys()) {
        const one = ledger.get(machineId)
        const asked = fleet.machineAt(machineId, one?.reportedAt ?? generatedAt)
        const sight = exportSightOf(exported, machineId, 'month')
        const ids = superseded === 'all' ? [...(sight?.kbs.keys() ?? [])] : [...(sight?.newest.values() ?? [])].flat()
        const verdict = verdictOf({ exported: new Set(ids), asked: new Set(asked?.missing), generatedAt, lastSeen: asked?.lastSeen })
        // Of a machine that lacks nothing there is nothing to leave out.
        const expected = one?.kind === 'both' && one.less.length === 0 ? 'more' : (one?.kind ?? 'equal')
        expect([kind, machineId, verdict]).toEqual([kind, machineId, expected])
      }
    }
  })

  test('is on the machines that are named', async () => {
    const [machineId = '', other = ''] = [...exporting.simulator.exported(generatedAt).machines.keys()]
    const found = await played({ more: { machineIds: [machineId] }, both: { machineIds: [machineId, other] } })
    expect(found.map((one) => [one.machineId, one.kind])).toEqual([
      [machineId, 'more'],
      [other, 'both'],
    ])
  })

  test('moved is a later report in the machine list, and over with the next export, for a while', async () => {
    const { simulator, clock, get } = exporting
    simulator.plant({ moved: {} })
    const [{ machineId = '', reportedAt = 0, more = [] } = {}] = simulator.planted(generatedAt).machines
    const lastSeenAt = async (at: number) => {
      clock.now = at
      const rows = rowsOfBody((await (await get('/api/machines')).json()) as Record<string, unknown>)
      return Date.parse(String(rows.find(({ id }) => id === machineId)?.lastSeen))
    }
    expect(await lastSeenAt(reportedAt - 1)).toBeLessThan(generatedAt)
    expect(await lastSeenAt(reportedAt)).toBe(reportedAt)
    expect(simulator.machine(machineId, reportedAt)?.lastSeen).toBe(reportedAt)
    expect(reportedAt - generatedAt).toBeLessThan(HOUR / 2)
    const listedAt = async (at: number) => {
      clock.now = at
      return [...(await missingOf(machineId))].filter((kbId) => more.includes(kbId)).length
    }
    expect([await listedAt(reportedAt - 1), await listedAt(reportedAt)]).toEqual([more.length, 0])
    expect(await listedAt(generatedAt + 6 * HOUR)).toBeGreaterThan(0)
  })
})
