import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Azurite, startAzurite } from '../dev/azurite.ts'
import { type SimulatedCatalogue, startCatalogue } from '../dev/catalogue/index.ts'
import { simulateDocuments } from '../dev/catalogue/simulate-documents.ts'
import { simulatedClock } from '../dev/simulated-clock.ts'
import { type Simulator, startSimulator } from '../dev/simulator/index.ts'
import { localTime } from '../src/defender/budget/index.ts'
import type { Outside } from '../src/outside.ts'
import { serveApp, type ServedApp } from './support/served-app.ts'
import { HOUR, type LogLine, MINUTE, recorder, REFERENCE, WEEK } from './support/world.ts'

// The whole job through what is registered: the timer by its name, HTTP over a socket. Each test goes on from the one before.

const clock = simulatedClock(REFERENCE)
/** Defender's own time, which stands still while a snapshot is taken, so that what it knows is exactly what must be found. */
const defender = { at: REFERENCE }
const lines: LogLine[] = []
const outside: Partial<Outside> = { clock, budgetTime: localTime(clock), log: recorder(lines) }

let azurite: Azurite
let simulator: Simulator
let catalogue: SimulatedCatalogue

beforeAll(async () => {
  azurite = await startAzurite()
  simulator = await startSimulator({ seed: 18, machines: 40, now: () => defender.at, quota: 'none' })
  catalogue = await startCatalogue({ now: () => clock.now(), documents: simulateDocuments({ mostCves: 1 }) })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await catalogue.close()
  await simulator.close()
  await azurite.close()
})

/** What anybody may call; the last two tell nothing of a tenant. */
const ANYBODY = ['health', 'pageSession', 'pageShell']

describe('the functions, as a host runs them', () => {
  let served: ServedApp
  beforeAll(async () => {
    served = await serveApp({
      ...simulator.environment,
      ...catalogue.environment,
      DEFENDER_TENANT_ID: simulator.tenantId,
      DEFENDER_API_URL: simulator.url,
      STORAGE_CONNECTION_STRING: azurite.connectionString,
      SYNC_SCHEDULE: '0 0 2 * * 1',
      // So that a snapshot takes several ticks.
      SYNC_CALLS_PER_MINUTE: '20',
    })
    served.useOutside(outside)
  })
  afterAll(() => served.app.terminate())

  it('have neither a queue function nor a queue output: one tenant is read in the process of the timer', () => {
    const types = served.app.functions.flatMap(({ metadata }) => Object.values(metadata.bindings).map(({ type }) => type))
    expect(new Set(types)).toEqual(new Set(['timerTrigger', 'httpTrigger', 'http']))
  })

  /** Ticks once a minute until the snapshot has ended; every answer about it on the way, the last one included. */
  async function follow(snapshotId: string): Promise<Record<string, unknown>[]> {
    const seen: Record<string, unknown>[] = []
    for (let ticks = 0; ticks < 30; ticks++) {
      await served.app.runTimer('tick')
      const { json } = await served.call(`/api/snapshots/${snapshotId}`)
      seen.push(json)
      if (json['status'] !== 'pending' && json['status'] !== 'running') return seen
      clock.advance(MINUTE)
    }
    throw new Error(`${snapshotId} has not ended`)
  }

  it('are a timer that ticks every minute, one that looks every hour for public facts, and HTTP functions of which all but health and the page without its data ask for a key', async () => {
    const { functions } = served.app
    expect(functions.flatMap(({ name, trigger }) => (trigger.type === 'timerTrigger' ? [[name, trigger.schedule]] : []))).toEqual([
      ['catalogue', '0 7 * * * *'],
      ['tick', '0 * * * * *'],
    ])
    for (const { trigger, name } of functions) {
      if (trigger.type !== 'httpTrigger') continue
      const path = `/${trigger.route.replace('{snapshotId}', '20260302T020000Z').replace('{machineId}', 'a'.repeat(40)).replace('{kbId}', '1')}`
      for (const method of trigger.methods) {
        const statuses = await Promise.all(['', 'wrong'].map(async (key) => (await served.call(path, { method, key })).status))
        if (ANYBODY.includes(name)) expect(statuses).not.toContain(401)
        else expect(statuses, `${method} ${path}`).toEqual([401, 401])
      }
    }
  })

  it('are healthy only after a snapshot has ended', async () => {
    expect(await served.call('/api/health', { key: '' })).toMatchObject({ status: 503, json: { status: 'starting', lastTickAt: null } })
    await served.app.runTimer('tick')
    expect(await served.call('/api/health', { key: '' })).toMatchObject({
      status: 503,
      json: { status: 'starting', lastTickAt: '2026-03-02T01:58:00.000Z' },
    })
    expect(simulator.requests.count()).toBe(0)
  })

  it('take a snapshot when asked to, one at a time, and tell how far it is', async () => {
    const asked = await served.call('/api/sync', { method: 'POST' })
    const statusUrl = `${served.url}/api/snapshots/20260302T015800Z`
    expect(asked).toMatchObject({
      status: 202,
      json: { snapshotId: '20260302T015800Z', tenantId: simulator.tenantId, status: 'pending', statusUrl },
    })
    expect([asked.headers.get('location'), Number(asked.headers.get('retry-after')) > 0]).toEqual([statusUrl, true])
    expect(await served.call('/api/sync', { method: 'POST' })).toMatchObject({
      status: 409,
      json: { snapshotId: '20260302T015800Z', statusUrl },
    })
    expect(await served.call('/api/snapshots/20260302T015800Z')).toMatchObject({ status: 200, json: { status: 'pending', progress: 0 } })
    // A request calls nothing by itself.
    expect(simulator.requests.count()).toBe(0)

    const seen = await follow('20260302T015800Z')
    expect(seen.length).toBeGreaterThan(1)
    const progress = seen.map((snapshot) => snapshot['progress'] as number)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(seen[0]).toMatchObject({ status: 'running', trigger: 'manual', etaSeconds: expect.any(Number) as number })
    const isWanted = (id: string) => {
      const { osPlatform, onboardingStatus } = simulator.machine(id, defender.at)?.attributes ?? {}
      return osPlatform?.startsWith('Windows') && onboardingStatus === 'Onboarded'
    }
    const wanted = [...simulator.truth(defender.at).keys()].filter(isWanted).length
    expect(seen.at(-1)).toMatchObject({
      status: 'completed',
      progress: 1,
      coverage: 1,
      machines: { observed: wanted, unknown: 0 },
      slices: seen.length,
      api: { throttled: 0 },
    })
    expect(await served.call('/api/snapshots/20260302T015800Z/unknown')).toMatchObject({ status: 200, json: { machines: [] } })
  })

  it('are then healthy, and stale when nothing ended for twice the schedule', async () => {
    expect(await served.call('/api/health', { key: '' })).toMatchObject({ status: 200, json: { status: 'ok' } })
    const at = clock.now()
    served.useOutside({ clock: { ...clock, now: () => at + 2 * WEEK + HOUR } })
    expect(await served.call('/api/health', { key: '' })).toMatchObject({ status: 503, json: { status: 'stale' } })
    served.useOutside({ clock })
  })

  it('take a snapshot by the schedule, and tell of a machine that never answers what it answered', async () => {
    defender.at = REFERENCE + 2 * WEEK
    const [silent = ''] = [...simulator.truth(REFERENCE).keys()].filter((id) => simulator.truth(defender.at).has(id))
    simulator.setFaults({ notFoundForever: { machineIds: [silent] } })
    clock.set(REFERENCE + 2 * WEEK + 2 * MINUTE)
    const seen = await follow('20260316T020000Z')
    expect(seen.at(-1)).toMatchObject({ status: 'incomplete', trigger: 'schedule', machines: { unknown: 1 } })
    const { json } = await served.call('/api/snapshots/20260316T020000Z/unknown')
    expect(json).toMatchObject({ machines: [{ machineId: silent, status: 404, code: 'ResourceNotFound' }] })
    expect(await served.call('/api/snapshots')).toMatchObject({
      json: { snapshots: [{ snapshotId: '20260316T020000Z' }, { snapshotId: '20260302T015800Z' }] },
    })
    for (const [machineId, kbIds] of simulator.truth(defender.at)) {
      const missing = await served.call(`/api/machines/${machineId}/missing-kbs`)
      // What never answered keeps what it was last known to miss.
      const expected = machineId === silent ? simulator.truth(REFERENCE).get(silent) : kbIds
      expect((missing.json['missingKbs'] as { kbId: string }[]).map(({ kbId }) => kbId).sort(), machineId).toEqual(
        [...(expected ?? [])].sort(),
      )
    }
  })

  it('read the public facts of the KBs that are missing, in a timer of their own', async () => {
    catalogue.faults.set('updates', 'error500')
    await served.app.runTimer('catalogue')
    catalogue.faults.clear()
    clock.advance(HOUR)
    await served.app.runTimer('catalogue')
    const told = lines.filter(({ event }) => event.startsWith('catalogue.'))
    expect(told).toMatchObject([
      { event: 'catalogue.fault', fields: { source: 'updates', code: 'http500' } },
      { event: 'catalogue.refreshed', fields: { failed: 0, waiting: 0 } },
    ])
    const { read, kbs } = told[1]?.fields ?? {}
    expect([Number(read) > 1, Number(kbs) > 50]).toEqual([true, true])
    expect(await served.call('/api/health', { key: '' })).toMatchObject({ status: 200 })
  })

  it("leave nothing in the log that is a secret, and no failure in the host's", () => {
    expect(lines.map(({ event }) => event)).toContain('slice.ended')
    expect(JSON.stringify(lines)).not.toMatch(/eyJ|AccountKey|Eby8vdM0/)
    expect(served.hostLog.filter(({ level }) => level === 'error')).toEqual([])
  })
})
