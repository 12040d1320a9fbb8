import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../../dev/simulator/time.ts'
import { codeOf, idsOf, missingKbsPath, pagesOf, REFERENCE, rowsOf, simulate, type TestSimulator } from './client.ts'

/** A machine that misses something, and another, with what the first misses. */
function twoMachines(simulator: TestSimulator) {
  const truth = [...simulator.truth(REFERENCE)].filter(([, kbIds]) => kbIds.size > 0)
  const [[machineId, kbIds] = ['', new Set<string>()], [other] = ['']] = truth
  return { machineId, kbIds: [...kbIds], other, path: missingKbsPath(machineId), otherPath: missingKbsPath(other) }
}

async function statusesOf(simulator: TestSimulator, path: string, calls: number): Promise<number[]> {
  const statuses: number[] = []
  for (let call = 0; call < calls; call++) statuses.push((await simulator.get(path)).status)
  return statuses
}

describe('a 404 for a machine that exists', () => {
  test.each([
    ['notFoundOnce', {}, [404, 200, 200, 200]],
    ['notFoundTimes', { times: 3 }, [404, 404, 404, 200]],
    ['notFoundForever', {}, [404, 404, 404, 404]],
  ] as const)('%s: %j', async (fault, rule, expected) => {
    const simulator = await simulate()
    const { machineId, path, otherPath } = twoMachines(simulator)
    simulator.setFaults({ [fault]: { machineIds: [machineId], ...rule } })
    expect(await statusesOf(simulator, path, 4)).toEqual(expected)
    expect(await statusesOf(simulator, otherPath, 1)).toEqual([200])
    expect((await simulator.get(`/api/machines/${machineId}`)).status).toBe(200)
  })
})

describe('a refusal', () => {
  test('expiredTokenOnce is one 401, whatever the machine', async () => {
    const simulator = await simulate({ faults: { expiredTokenOnce: {} } })
    const { path, otherPath } = twoMachines(simulator)
    expect([...(await statusesOf(simulator, path, 2)), ...(await statusesOf(simulator, otherPath, 1))]).toEqual([401, 200, 200])
  })

  test('unlicensed is a 401 that says so, on every route', async () => {
    const simulator = await simulate({ faults: { unlicensed: {} } })
    for (const path of ['/api/machines', twoMachines(simulator).path]) {
      const { status, body } = await simulator.getJson(path)
      expect(status).toBe(401)
      expect(body).toMatchObject({ error: { code: 'Unauthorized', message: 'Unauthorized request - reason of failure: No Tvm license' } })
    }
  })

  test('missingRole is a 403 that names the role', async () => {
    const simulator = await simulate({ faults: { missingRole: { on: ['missingKbs'] } } })
    const { status, body } = await simulator.getJson(twoMachines(simulator).path)
    expect([status, codeOf(body)]).toEqual([403, 'Forbidden'])
    expect(JSON.stringify(body)).toContain('API required roles: Software.Read.All, application roles: Machine.Read.All')
    expect((await simulator.get('/api/machines')).status).toBe(200)
  })

  test('throttled is a 429 with Retry-After only if asked for', async () => {
    const simulator = await simulate({ faults: { throttled: { limit: 1 } } })
    const { path } = twoMachines(simulator)
    const bare = await simulator.get(path)
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([429, null])
    expect((await simulator.get(path)).status).toBe(200)
    simulator.setFaults({ throttled: { retryAfterSeconds: 7 } })
    expect((await simulator.get(path)).headers.get('retry-after')).toBe('7')
    expect(simulator.quotaViolations).toBe(2)
  })
})

describe('a broken way', () => {
  test('html502 is a gateway page, error500 an error body without a message', async () => {
    const simulator = await simulate({ faults: { html502: { limit: 1 } } })
    const { path } = twoMachines(simulator)
    const gateway = await simulator.get(path)
    expect([gateway.status, gateway.headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(await gateway.text()).toMatch(/^<html>/)
    simulator.setFaults({ html502: false, error500: { limit: 1 } })
    const { status, body } = await simulator.getJson(path)
    expect([status, codeOf(body)]).toEqual([500, 'InternalServerError'])
    expect((await simulator.get(path)).status).toBe(200)
  })

  test('truncatedBody ends in the middle of the body, reset before any of it', async () => {
    const simulator = await simulate({ faults: { truncatedBody: {} } })
    const { path } = twoMachines(simulator)
    const truncated = await simulator.get(path)
    expect(truncated.status).toBe(200)
    await expect(truncated.text()).rejects.toThrow('terminated')
    simulator.setFaults({ truncatedBody: false, reset: {} })
    await expect(simulator.get(path)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(simulator.requests.count({ route: 'missingKbs', status: 0 })).toBe(1)
  })

  test('hang gives no answer until the caller, or the simulator, ends', async () => {
    const simulator = await simulate({ faults: { hang: {} } })
    const { path, otherPath } = twoMachines(simulator)
    const token = await simulator.token()
    const caller = new AbortController()
    const [abandoned, cut] = [path, otherPath].map((hanging) =>
      fetch(simulator.url + hanging, { headers: { authorization: `Bearer ${token}` }, signal: hanging === path ? caller.signal : null }),
    )
    await expect.poll(() => simulator.requests.count({ status: 0 })).toBe(2)
    caller.abort()
    await expect(abandoned).rejects.toThrow('abort')
    await Promise.all([expect(cut).rejects.toThrow(), simulator.close()])
  })

  test('slow is a right answer, late', async () => {
    const simulator = await simulate({ faults: { slow: { milliseconds: 50 } } })
    const { path, kbIds } = twoMachines(simulator)
    const before = performance.now()
    expect(idsOf((await simulator.getJson(path)).body)).toEqual(kbIds)
    // A lower bound holds on any machine; timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(49)
  })
})

describe('a wrong body', () => {
  test('malformedShape is no collection', async () => {
    const simulator = await simulate({ faults: { malformedShape: {} } })
    const { path } = twoMachines(simulator)
    for (const milliseconds of [0, 1]) {
      simulator.clock.now = REFERENCE + milliseconds
      const shape = (await (await simulator.get(path)).json()) as { value?: unknown } | string
      expect(typeof shape === 'object' ? Array.isArray(shape.value) : false).toBe(false)
    }
  })

  test('emptyOnce is empty at the first call of every look', async () => {
    const simulator = await simulate({ faults: { emptyOnce: {} } })
    const { path, kbIds } = twoMachines(simulator)
    expect(idsOf((await simulator.getJson(path)).body)).toEqual([])
    expect(idsOf((await simulator.getJson(path)).body)).toEqual(kbIds)
    simulator.clock.now += HOUR / 2
    expect(idsOf((await simulator.getJson(path)).body)).toEqual(kbIds)
  })

  test('nullFields leaves the ids alone', async () => {
    const simulator = await simulate({ faults: { nullFields: {} } })
    const { path, kbIds } = twoMachines(simulator)
    const { body } = await simulator.getJson(path)
    expect(idsOf(body)).toEqual(kbIds)
    const nothing = { name: null, productsNames: null, url: null, machineMissedOn: null, cveAddressed: null }
    for (const row of rowsOf(body)) expect(row).toMatchObject(nothing)
  })

  test('duplicateRows, emptyIds and nonNumericIds add rows', async () => {
    const simulator = await simulate({ faults: { duplicateRows: {} } })
    const { path, kbIds } = twoMachines(simulator)
    expect(idsOf((await simulator.getJson(path)).body)).toEqual([...kbIds, ...kbIds])
    simulator.setFaults({ duplicateRows: false, emptyIds: {} })
    expect(rowsOf((await simulator.getJson(path)).body).map(({ id }) => id)).toEqual([...kbIds, '', '  ', null])
    simulator.setFaults({ emptyIds: false, nonNumericIds: {} })
    expect(idsOf((await simulator.getJson(path)).body)).toEqual([...kbIds, 'ADV200002'])
  })

  test('foreignNextLink points to another origin, which remembers who came with a token', async () => {
    const simulator = await simulate({ faults: { foreignNextLink: {} } })
    const { body } = await simulator.getJson(twoMachines(simulator).path)
    const link = new URL(String(body['@odata.nextLink']))
    expect(link.origin).not.toBe(simulator.url)
    await fetch(link)
    await fetch(link, { headers: { authorization: 'Bearer token' } })
    expect(simulator.foreignRequests).toEqual([false, true].map((hasToken) => ({ path: link.pathname + link.search, hasToken })))
  })
})

describe('a wrong list', () => {
  test('listNotFound is a 404 instead of the first page only, list500 an error on any', async () => {
    const simulator = await simulate({ faults: { listNotFound: {} }, pageSize: 20 })
    expect((await simulator.get('/api/machines')).status).toBe(404)
    expect((await simulator.get('/api/machines?$skip=20')).status).toBe(200)
    simulator.setFaults({ listNotFound: false, list500: { times: 1 } })
    expect(await statusesOf(simulator, '/api/machines?$skip=20', 2)).toEqual([500, 200])
  })

  test('listRepeatedRows repeats rows across pages, and still leaves none out', async () => {
    const simulator = await simulate({ faults: { listRepeatedRows: {} }, pageSize: 20 })
    const existing = new Set(simulator.truth(REFERENCE).keys())
    const linked = await pagesOf(simulator, '/api/machines')
    expect(linked[1]?.slice(0, 2)).toEqual(linked[0]?.slice(-2))
    expect(new Set(linked.flat())).toEqual(existing)
    const skipped: string[][] = []
    for (let skip = 0; skip === 0 || skipped.at(-1)?.length === 20; skip += 20) {
      skipped.push(idsOf((await simulator.getJson(`/api/machines?$top=20&$skip=${skip}`)).body))
    }
    expect(new Set(skipped.flat())).toEqual(existing)
  })

  test('listPageLoop gives the same page for ever', async () => {
    const simulator = await simulate({ faults: { listPageLoop: {} } })
    const first = await simulator.getJson('/api/machines')
    const second = await simulator.getJson(String(first.body['@odata.nextLink']))
    const third = await simulator.getJson(String(second.body['@odata.nextLink']))
    expect(idsOf(second.body)).toEqual(idsOf(first.body))
    expect(third.body['@odata.nextLink']).toBe(second.body['@odata.nextLink'])
  })

  test('listForeignNextLink points to another origin', async () => {
    const simulator = await simulate({ faults: { listForeignNextLink: {} } })
    const { body } = await simulator.getJson('/api/machines')
    expect(new URL(String(body['@odata.nextLink'])).origin).not.toBe(simulator.url)
  })

  test('listFlap leaves a machine out of one listing, though it answers by id', async () => {
    const simulator = await simulate({ pageSize: 20 })
    const { machineId, path } = twoMachines(simulator)
    simulator.setFaults({ listFlap: { machineIds: [machineId] } })
    const others = [...simulator.truth(REFERENCE).keys()].filter((id) => id !== machineId)
    const pages = await pagesOf(simulator, '/api/machines')
    expect(pages.flat()).toEqual(others)
    expect(pages.slice(0, -1).map((ids) => ids.length)).toEqual(pages.slice(0, -1).map(() => 20))
    expect(await statusesOf(simulator, `/api/machines/${machineId}`, 1)).toEqual([200])
    expect(await statusesOf(simulator, path, 1)).toEqual([200])
    expect((await pagesOf(simulator, '/api/machines')).flat()).toContain(machineId)
  })

  test('faults of the way can strike the list as well, when told so', async () => {
    const simulator = await simulate({ faults: { html502: { on: ['machineList', 'machine'] } } })
    const { machineId, path } = twoMachines(simulator)
    expect(await statusesOf(simulator, '/api/machines', 1)).toEqual([502])
    expect(await statusesOf(simulator, `/api/machines/${machineId}`, 1)).toEqual([502])
    expect(await statusesOf(simulator, path, 1)).toEqual([200])
  })
})

test('by rate, the same calls to the same seed meet the same faults', async () => {
  const statuses = async (seed: number) => {
    const simulator = await simulate({ seed, faults: { html502: { rate: 0.2 }, notFoundOnce: { rate: 0.2 } } })
    const found: number[] = []
    for (const machineId of [...simulator.truth(REFERENCE + DAY).keys()].sort()) {
      found.push(...(await statusesOf(simulator, missingKbsPath(machineId), 2)))
    }
    return found
  }
  const first = await statuses(5)
  expect(await statuses(5)).toEqual(first)
  expect(new Set(first)).toEqual(new Set([200, 404, 502]))
})
