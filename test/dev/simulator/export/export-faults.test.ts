import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EXPORT_FAULTS } from '../../../../dev/simulator/export/export-faults.ts'
import { HOUR, SECOND } from '../../../../dev/simulator/time.ts'
import { codeOf, REFERENCE } from '../client.ts'
import { EXPORT, idOf, rowsOf, startExporting, type Exporting } from './exporting.ts'

let exporting: Exporting
beforeAll(async () => {
  exporting = await startExporting()
})
afterAll(() => exporting.close())
afterEach(() => {
  const ended = [...Object.keys(EXPORT_FAULTS), 'throttled', 'missingRole', 'unlicensed', 'reset', 'html502', 'slow', 'truncatedBody']
  exporting.simulator.setFaults(Object.fromEntries(ended.map((name) => [name, false])))
  exporting.clock.now = REFERENCE
})

describe('an answer that is no export', () => {
  test('exportEmptyBody is a 200 with no body', async () => {
    exporting.simulator.setFaults({ exportEmptyBody: { limit: 1 } })
    const response = await exporting.get(EXPORT)
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect((await exporting.call()).files.length).toBeGreaterThan(0)
  })

  test('exportNoFiles names none, exportWithoutFiles has no such member', async () => {
    exporting.simulator.setFaults({ exportNoFiles: {} })
    expect(await (await exporting.get(EXPORT)).json()).toMatchObject({ exportFiles: [], generatedTime: expect.any(String) as unknown })
    exporting.simulator.setFaults({ exportNoFiles: false, exportWithoutFiles: {} })
    const body = (await (await exporting.get(EXPORT)).json()) as object
    expect(Object.keys(body)).toEqual(['@odata.context', 'generatedTime'])
  })

  test('refusals and broken ways strike this call alone where they are told to', async () => {
    const { simulator, get } = exporting
    simulator.setFaults({ throttled: { on: ['export'], retryAfterSeconds: 30, limit: 1 } })
    const throttled = await get(EXPORT)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '30'])
    simulator.setFaults({ throttled: false, missingRole: { on: ['export'], limit: 1 } })
    expect(await (await get(EXPORT)).text()).toContain('API required roles: Vulnerability.Read.All')
    simulator.setFaults({ missingRole: false, unlicensed: { on: ['export'], limit: 1 } })
    expect(codeOf((await (await get(EXPORT)).json()) as Record<string, unknown>)).toBe('Unauthorized')
    simulator.setFaults({ unlicensed: false, html502: { on: ['export'], limit: 1 }, truncatedBody: { on: ['export'], limit: 1 } })
    expect((await get(EXPORT)).status).toBe(502)
    await expect((await get(EXPORT)).text()).rejects.toThrow('terminated')
    simulator.setFaults({ html502: false, truncatedBody: false, reset: { on: ['export'] } })
    await expect(get(EXPORT)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect((await get('/api/machines')).status).toBe(200)
  })
})

describe('an export that is not what it should be', () => {
  test('exportGroupMissing leaves out all files of one group, drawn or named', async () => {
    const whole = await exporting.call()
    const groupOf = async (files: string[]) => new Set((await rowsOf(files)).map(({ RbacGroupId }) => RbacGroupId))
    exporting.simulator.setFaults({ exportGroupMissing: {} })
    const drawn = await exporting.call()
    expect(drawn.files).toHaveLength(whole.files.length - 2)
    expect((await groupOf(drawn.files)).size).toBe((await groupOf(whole.files)).size - 1)
    exporting.simulator.setFaults({ exportGroupMissing: { groups: [11, 12] } })
    expect(await groupOf((await exporting.call()).files)).toEqual(new Set([0, 13]))
  })

  test('exportOld is more than twelve hours old, or as many exports as are told, with what was in it then', async () => {
    const { simulator, call } = exporting
    const generatedAt = Date.parse((await call()).generatedTime)
    simulator.setFaults({ exportOld: {} })
    expect(Date.parse((await call()).generatedTime)).toBe(generatedAt - 18 * HOUR)
    simulator.setFaults({ exportOld: { exports: 20 } })
    const old = await call()
    expect(Date.parse(old.generatedTime)).toBe(generatedAt - 120 * HOUR)
    const machines = new Set((await rowsOf(old.files)).map(idOf))
    expect(machines).toEqual(new Set(simulator.exported(generatedAt - 120 * HOUR).machines.keys()))
    expect(machines).not.toEqual(new Set(simulator.exported(generatedAt).machines.keys()))
  })

  test('exportStuck goes on with the one that was given last', async () => {
    const { simulator, clock, call } = exporting
    const { generatedTime } = await call()
    simulator.setFaults({ exportStuck: {} })
    clock.now += 13 * HOUR
    expect((await call()).generatedTime).toBe(generatedTime)
    simulator.setFaults({ exportStuck: false })
    expect(Date.parse((await call()).generatedTime)).toBe(simulator.exported(clock.now).generatedAt)
  })

  test('exportMadeAnew is another export than a moment ago, and with fileGone the old addresses are dead', async () => {
    const { simulator, clock, call } = exporting
    clock.now = REFERENCE + 100 * HOUR + 500
    const before = await call()
    simulator.setFaults({ exportMadeAnew: { limit: 1 }, fileGone: {} })
    const [first = ''] = before.files
    expect((await fetch(first)).status).toBe(200)
    const after = await call()
    expect(Date.parse(after.generatedTime)).toBe(clock.now - 500)
    expect(after.files.map((address) => new URL(address).pathname)).not.toEqual(before.files.map((address) => new URL(address).pathname))
    const dead = await fetch(first)
    expect([dead.status, dead.headers.get('content-type')]).toEqual([404, 'application/xml'])
    expect(await dead.text()).toContain('<Code>BlobNotFound</Code>')
    expect(new Set((await rowsOf(after.files)).map(idOf))).toEqual(new Set(simulator.exported(clock.now).machines.keys()))
    clock.now += SECOND
    expect((await call()).generatedTime).toBe(after.generatedTime)
  })
})

test('by rate, the same calls meet the same faults', async () => {
  const pattern = async () => {
    exporting.simulator.setFaults({ exportEmptyBody: { rate: 0.4 } })
    const empty: boolean[] = []
    for (let call = 0; call < 30; call++) empty.push((await (await exporting.get(EXPORT)).text()) === '')
    return empty
  }
  const first = await pattern()
  expect(await pattern()).toEqual(first)
  expect(first.filter(Boolean).length).toBeGreaterThan(4)
  expect(first.filter(Boolean).length).toBeLessThan(22)
})
