import { noExport } from '../../dev/no-export.ts'
import { describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { ListedMachine, MissingKb } from '../../src/domain/index.ts'
import type { Fault } from '../../src/defender/index.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { tick } from '../../src/sync/index.ts'
import { machineOf as listedMachine } from '../support/scripted-world.ts'
import { DAY, MINUTE, startWorld, type World } from '../support/world.ts'

const MACHINES = 60
/** Calls by id and for the list that Defender takes in a minute are 100: too few for the evidence on all of them. */
const KB: MissingKb = {
  kbId: '5094127',
  kbName: null,
  productsNames: [],
  url: null,
  machineMissedOn: null,
  cveAddressed: null,
  osBuild: null,
}
const REFUSED: Fault = { kind: 'refused', status: 400, code: 'BadRequest', detail: 'not now' }
const NOT_FOUND: Fault = { kind: 'transient', status: 404, code: 'ResourceNotFound', detail: 'gone' }
const THROTTLED: Fault = { kind: 'throttled', status: 429, code: 'TooManyRequests', detail: 'later', retryAfterSeconds: 60 }

const machineOf = (index: number) => listedMachine(index, { lastSeen: '2026-03-01T00:00:00Z' })

/** A Defender that says what the test says. */
function scripted() {
  const fleet = Array.from({ length: MACHINES }, (_, index) => machineOf(index))
  const script = {
    listed: (_filter: string | undefined): ListedMachine[] => fleet,
    missing: (_machineId: string): MissingKb[] | Fault => [KB],
    /** What asking for a machine by id, one that is not in the fleet, comes to. */
    gone: (): Fault => NOT_FOUND,
  }
  const defender: OneTenantServices['defender'] = {
    async listMachines({ top, skip, filter }) {
      const listed = script.listed(filter)
      return { kind: 'page', machines: listed.slice(skip, skip + top), rows: listed.slice(skip, skip + top).length, more: false }
    },
    async missingKbs(machineId) {
      const given = script.missing(machineId)
      return Array.isArray(given)
        ? { kind: 'observed', kbs: given, dropped: 0, observedAt: '2026-03-02T00:00:00Z' }
        : { kind: 'fault', fault: given }
    },
    async machine(machineId) {
      const machine = fleet.find((one) => one.machineId === machineId)
      return machine ? { kind: 'machine', machine } : { kind: 'fault', fault: script.gone() }
    },
    ...noExport(),
    async close() {},
  }
  return { script, defender, fleet }
}

async function setting(environment: Record<string, string>) {
  const world = await startWorld({ tables: 'tableService', machines: 1, environment: { SYNC_SCHEDULE: '0 0 2 * * *', ...environment } })
  return { world, ...scripted() }
}

/** Takes the next scheduled snapshot, in no more ticks than are given. */
async function snapshotWithin(mostTicks: number, world: World, services: OneTenantServices) {
  for (let ticks = 0; ticks < mostTicks;) {
    const { kind } = await tick(services)
    if (kind === 'ended') {
      const read = await openTenant(services).store.tenant.get()
      return openTenant(services).store.snapshots.get(read?.tenant.lastEndedSnapshotId ?? '')
    }
    if (kind !== 'idle') ticks++
    world.clock.advance(kind === 'idle' ? DAY - (world.clock.now() % DAY) + 121 * MINUTE : MINUTE)
  }
  throw new Error(`no end in ${mostTicks} ticks`)
}

describe('with fewer calls a slice than machines under way', () => {
  it('a snapshot ends whose machines all turn empty when they are asked again', async () => {
    const { world, script, defender } = await setting({ SYNC_CALLS_PER_MINUTE: '4' })
    const services = { ...world.services, defender }
    expect(await snapshotWithin(100, world, services)).toMatchObject({ status: 'completed', missingPairs: MACHINES })
    const asked = new Set<string>()
    script.missing = (machineId) => {
      const isFirst = !asked.has(machineId)
      asked.add(machineId)
      return isFirst ? REFUSED : []
    }
    // An answer that turned empty without a report is believed when it comes twice, in whichever slices.
    expect(await snapshotWithin(150, world, services)).toMatchObject({ status: 'completed', resolved: MACHINES, missingPairs: 0 })
  })

  it('a snapshot ends whose machines are not listed, and turn empty', async () => {
    const { world, script, defender, fleet } = await setting({ SYNC_CALLS_PER_MINUTE: '4' })
    const services = { ...world.services, defender }
    await snapshotWithin(100, world, services)
    script.listed = () => fleet.slice(0, 1)
    script.missing = () => []
    const snapshot = await snapshotWithin(150, world, services)
    expect(snapshot).toMatchObject({ status: 'incomplete', removed: 0 })
    expect(snapshot?.missingPairs).toBeGreaterThan(0)
  })

  it('a snapshot ends whose machines are left out by a filter', async () => {
    const { world, script, defender } = await setting({ SYNC_CONCURRENCY: '100' })
    const services = { ...world.services, defender }
    await snapshotWithin(100, world, services)
    const narrowed = {
      ...(await world.another({ environment: { MACHINE_FILTER: "rbacGroupName eq 'Servers'", SYNC_CONCURRENCY: '100' } })),
      defender,
    }
    script.listed = (filter) => (filter?.includes('and id eq') ? [] : [machineOf(MACHINES)])
    const snapshot = await snapshotWithin(150, world, narrowed)
    expect(snapshot).toMatchObject({ status: 'completed', removed: 0, observed: 1 })
  })

  for (const { cuts, status, removed, name } of [
    {
      cuts: 3,
      status: 'completed',
      removed: 1,
      name: 'a machine that left is closed though slice after slice ends between two of its 404s',
    },
    { cuts: Infinity, status: 'incomplete', removed: 0, name: 'a snapshot ends though every slice does' },
  ]) {
    it(name, async () => {
      const { world, script, defender, fleet } = await setting({})
      const services = { ...world.services, defender }
      await snapshotWithin(100, world, services)
      fleet.pop()
      let asked = 0
      script.gone = () => (++asked % 2 === 0 && asked <= 2 * cuts ? THROTTLED : NOT_FOUND)
      expect(await snapshotWithin(150, world, services)).toMatchObject({ status, removed, unknown: 1 - removed })
    })
  }
})
