import { describe, expect, test } from 'vitest'
import { lackedAt } from '../../../dev/simulator/lacked.ts'
import { codeOf, idsOf, missingKbsPath, pagesOf, REFERENCE, rowsOf, simulate } from './client.ts'
import { worldOf } from './export/exporting.ts'

const missingKbsOf = (softwareId: string) => `/api/Software/${softwareId}/getmissingkbs`

describe('the software of the fleet', () => {
  test('comes in pages, and is filtered by what is documented', async () => {
    const simulator = await simulate({ pageSize: 5 })
    const pages = await pagesOf(simulator, '/api/Software')
    expect(pages.slice(0, -1).every(({ length }) => length === 5)).toBe(true)
    const ids = pages.flat()
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(ids).toEqual(expect.arrayContaining(['microsoft-_-windows_11', 'microsoft-_-edge_chromium-based', 'google-_-chrome']))
    const filter = encodeURIComponent("vendor eq 'microsoft'")
    expect((await pagesOf(simulator, `/api/software?$filter=${filter}`)).flat()).toEqual(ids.filter((id) => id.startsWith('microsoft-')))
    const { body } = await simulator.getJson('/api/Software?$top=3&$skip=1')
    expect([idsOf(body), '@odata.nextLink' in body]).toEqual([ids.slice(1, 4), false])
    for (const query of ["$filter=weaknesses eq 'x'", '$top=10001'])
      expect(codeOf((await simulator.getJson(`/api/Software?${query}`)).body)).toBe('ODataError')
  })

  test('is counted by the machines that have it, and by those on which it is weak', async () => {
    const simulator = await simulate()
    const windows11 = rowsOf((await simulator.getJson('/api/Software')).body).find(({ name }) => name === 'windows_11')
    const { fleet } = worldOf()
    const installed = fleet.existing(REFERENCE).filter((machine) => {
      const { osPlatform, onboardingStatus } = fleet.onTheWire(machine, REFERENCE)
      return osPlatform === 'Windows11' && onboardingStatus === 'Onboarded'
    })
    const exposed = installed.filter((machine) => lackedAt(machine, REFERENCE).some(({ products }) => products.includes('windows_11')))
    expect(windows11).toMatchObject({ vendor: 'microsoft', installedMachines: installed.length, exposedMachines: exposed.length })
    expect(exposed.length).toBeLessThan(installed.length)
  })
})

describe('the missing KBs of software', () => {
  test.each(['some', 'all', 'newest'] as const)('are on as many machines as say so themselves (%s)', async (superseded) => {
    const simulator = await simulate({ superseded })
    const { fleet } = worldOf({ superseded })
    const counts = new Map<string, number>()
    for (const machine of fleet.existing(REFERENCE)) {
      const missing = new Set(idsOf((await simulator.getJson(missingKbsPath(machine.machineId))).body))
      for (const { release, products } of lackedAt(machine, REFERENCE)) {
        if (!missing.has(release.kb.id)) continue
        for (const product of products) counts.set(`${product} ${release.kb.id}`, (counts.get(`${product} ${release.kb.id}`) ?? 0) + 1)
      }
    }
    const told = new Map<string, unknown>()
    for (const id of idsOf((await simulator.getJson('/api/Software')).body)) {
      for (const row of rowsOf((await simulator.getJson(missingKbsOf(id))).body)) {
        expect(row).toMatchObject({ productsNames: [id.split('-_-')[1]], cveAddressed: expect.any(Number) as unknown })
        told.set(`${id.split('-_-')[1] ?? ''} ${String(row.id)}`, row.machineMissedOn)
      }
    }
    expect(told).toEqual(counts)
    expect(Math.max(...counts.values())).toBeGreaterThan(1)
  })

  test('are a 404 for what there is not, and none for what has no KBs', async () => {
    const simulator = await simulate()
    const { status, body } = await simulator.getJson(missingKbsOf('microsoft-_-windows_3'))
    expect([status, codeOf(body)]).toEqual([404, 'ResourceNotFound'])
    expect(rowsOf((await simulator.getJson(missingKbsOf('google-_-chrome'))).body)).toEqual([])
  })

  test('need the role Software.Read.All, and can be struck like any call', async () => {
    const simulator = await simulate({ machines: 5, roles: ['Vulnerability.Read.All'] })
    expect((await simulator.get('/api/Software')).status).toBe(403)
    const struck = await simulate({ machines: 5, faults: { html502: { on: ['softwareMissingKbs'], limit: 1 } } })
    expect((await struck.get('/api/Software')).status).toBe(200)
    expect([(await struck.get(missingKbsOf('x'))).status, (await struck.get(missingKbsOf('x'))).status]).toEqual([502, 404])
  })

  test('can be counted wrong, and the ledger says where, and by how much', async () => {
    const simulator = await simulate()
    const path = missingKbsOf('microsoft-_-windows_11')
    const before = rowsOf((await simulator.getJson(path)).body)
    simulator.plant({ count: { softwareIds: ['microsoft-_-windows_11'], by: -2 } })
    const after = rowsOf((await simulator.getJson(path)).body)
    const { counts } = simulator.planted(REFERENCE)
    expect(counts).toEqual([
      {
        softwareId: 'microsoft-_-windows_11',
        kbId: before[0]?.id,
        counted: before[0]?.machineMissedOn,
        told: Number(before[0]?.machineMissedOn) - 2,
      },
    ])
    expect(after[0]).toEqual({ ...before[0], machineMissedOn: counts[0]?.told })
    expect(after.slice(1)).toEqual(before.slice(1))
    simulator.plant({ count: { rate: 0.5 } })
    const drawn = simulator.planted(REFERENCE).counts
    expect(drawn.length).toBeGreaterThan(1)
    expect(drawn.every(({ counted, told }) => told === counted + 1)).toBe(true)
    simulator.plant({ count: false })
    expect(rowsOf((await simulator.getJson(path)).body)).toEqual(before)
  })
})
