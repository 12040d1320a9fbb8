import { describe, expect, it } from 'vitest'
import type { Faults } from '../../dev/simulator/faults.ts'
import { isOpen, type Snapshot } from '../../src/domain/index.ts'
import { openTenant } from '../../src/open-tenant.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { expectConsistent } from '../support/consistency.ts'
import { type FrozenWorld, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { DAY, HOUR, REFERENCE } from '../support/world.ts'

type Source = 'perMachine' | 'export'

/** What a machine's rows say when a snapshot has ended. */
interface Stand {
  state: string
  raw: string[]
  shown: string[]
}

/** Takes a snapshot by a source, in a program of its own over the same tables; its row, and how machines stand then. */
async function look(frozen: FrozenWorld, source: Source, at: number) {
  const run = await startRun(frozen, 'one', { SOURCE: source, EXPORT_SAMPLE: '0' })
  const snapshotId = await snapshotAt(frozen, run, at)
  const { store } = openTenant(run.services)
  const snapshot = await store.snapshots.get(snapshotId)
  if (!snapshot) throw new Error('the snapshot left no row')
  return { services: run.services, store, snapshot, stands: await standsOf(store) }
}

async function standsOf(store: TenantStore): Promise<Map<string, Stand>> {
  const stands = new Map<string, Stand>()
  for await (const page of store.machines.pages()) {
    for (const { machineId, state, code } of page) {
      const open = (await store.missingKbs.read(machineId)).intervals.filter(isOpen)
      const shown = open.map(({ kbId }) => kbId).sort()
      stands.set(machineId, { state: code ?? state ?? '', shown, raw: open.flatMap(({ kbId, contains }) => [kbId, ...contains]).sort() })
    }
  }
  return stands
}

/** The KBs that the export of a time has of each machine. */
function exportedIds({ world }: FrozenWorld, at: number): Map<string, string[]> {
  const { machines } = world.simulator.exported(at)
  return new Map([...machines].map(([machineId, { kbs }]) => [machineId, kbs.map(({ kb }) => kb.id).sort()]))
}

const ended = ({ status, errorCode, appeared, resolved }: Snapshot) => ({ status, errorCode, appeared, resolved })

const startOne = (options: Parameters<typeof startFrozenWorld>[0] = {}) =>
  startFrozenWorld({ tables: 'tableService', machines: 60, ...options })

describe('an export', () => {
  it('is what machines with a row miss: the newest, with what they contain; the others are asked, or unknown', async () => {
    const frozen = await startOne()
    const first = await look(frozen, 'export', REFERENCE)
    const { generatedAt } = frozen.world.simulator.exported(REFERENCE)
    expect(first.snapshot).toMatchObject({ source: 'export', errorCode: null, sourceTime: new Date(generatedAt).toISOString() })
    const observed = [...first.stands].filter(([, { state }]) => state === 'observed')
    expect(observed.length).toBeGreaterThan(20)
    const ids = exportedIds(frozen, REFERENCE)
    for (const [machineId, { raw }] of observed) expect(raw, machineId).toEqual(ids.get(machineId))
    expect(observed.some(([, { raw, shown }]) => raw.length > shown.length)).toBe(true)
    const without = [...first.stands].filter(([machineId, { state }]) => !ids.has(machineId) && state !== 'skipped' && state !== 'removed')
    expect(without.map(([, { state }]) => state)).toEqual(without.map(() => 'notInExport'))
    await expectConsistent(first.services, [first.snapshot.snapshotId])
  })

  it('asks by themselves those that it has no row of any more, and that missed something', async () => {
    const frozen = await startOne()
    const first = await look(frozen, 'export', REFERENCE)
    const { simulator } = frozen.world
    simulator.setFaults({ fileFewerMachines: { share: 0.15 } })
    const at = REFERENCE + DAY
    const second = await look(frozen, 'export', at)
    expect(second.snapshot.errorCode).toBeNull()
    const truth = simulator.truth(at)
    const asked = [...second.stands].filter(([machineId, { state }]) => {
      const known = first.stands.get(machineId)
      return (
        state === 'observed' &&
        (known?.shown.length ?? 0) > 0 &&
        simulator.requests.entries.some(({ path }) => path.includes(machineId) && path.includes('getmissingkbs'))
      )
    })
    expect(asked.length).toBeGreaterThan(0)
    for (const [machineId, { shown }] of asked) expect(shown, machineId).toEqual([...(truth.get(machineId) ?? [])].sort())
    const { calls } = second.snapshot
    expect(calls).toBeLessThan(asked.length + 20)
    await expectConsistent(second.services, [first.snapshot.snapshotId, second.snapshot.snapshotId])
  })
})

describe('two sources of one tenant', () => {
  it('change to and fro: what differs is rebased, once a machine, and history stays algebra', async () => {
    const frozen = await startOne()
    const sources: Source[] = ['perMachine', 'export', 'export', 'perMachine', 'perMachine', 'export']
    const looks: (Awaited<ReturnType<typeof look>> & { source: Source })[] = []
    for (const [week, source] of sources.entries()) looks.push({ source, ...(await look(frozen, source, REFERENCE + week * 7 * DAY)) })
    const last = looks.at(-1)
    if (!last) throw new Error('there was no look')
    await expectConsistent(
      last.services,
      looks.map(({ snapshot }) => snapshot.snapshotId),
    )
    const before = new Map<string, string>()
    const { store } = last
    for await (const page of store.machines.pages()) {
      for (const { machineId } of page) {
        const { intervals } = await store.missingKbs.read(machineId)
        const rebasedIn = new Set(
          intervals.flatMap((one) => [
            one.appearedReason === 'rebased' ? one.appearedSnapshotId : '',
            one.resolvedReason === 'rebased' ? (one.resolvedSnapshotId ?? '') : '',
          ]),
        )
        rebasedIn.delete('')
        for (const snapshotId of rebasedIn) {
          const index = looks.findIndex(({ snapshot }) => snapshot.snapshotId === snapshotId)
          before.set(machineId, snapshotId)
          // Somewhere before it the other source was asked.
          expect(
            looks.slice(0, index).some(({ source }) => source !== looks[index]?.source),
            `${machineId} ${snapshotId}`,
          ).toBe(true)
        }
      }
    }
    expect(before.size).toBeGreaterThan(0)
    const points = await store.trends.points({ from: '2', to: '3' })
    expect(points.map(({ source }) => source)).toEqual(sources)
  })
})

describe('an export that is not to be believed', () => {
  it.each<[string, Partial<Faults>, string]>([
    ['names no files', { exportNoFiles: {} }, 'exportUnreadable'],
    ['has no list of files', { exportWithoutFiles: {} }, 'exportUnreadable'],
    ['has no body', { exportEmptyBody: {} }, 'exportUnreadable'],
    ['is older than 12 hours', { exportOld: {} }, 'exportStale'],
    ['has files that have expired', { fileExpired: {} }, 'exportUnreadable'],
    ['has empty files', { fileEmpty: {} }, 'exportUnreadable'],
    ['has files that are cut', { fileCut: {} }, 'exportUnreadable'],
    ['has files that are no gzip', { fileBroken: {} }, 'exportUnreadable'],
    ['has files with a wrong checksum', { fileWrongChecksum: {} }, 'exportUnreadable'],
    ['has files whose connection is reset', { fileReset: {} }, 'exportUnreadable'],
  ])('closes nothing where it %s, and says so', async (_, faults, errorCode) => {
    const frozen = await startOne({ machines: 20 })
    const first = await look(frozen, 'export', REFERENCE)
    frozen.world.simulator.setFaults(faults)
    const second = await look(frozen, 'export', REFERENCE + DAY)
    expect(ended(second.snapshot)).toMatchObject({ status: 'failed', errorCode, resolved: 0 })
    for (const [machineId, { shown }] of first.stands) expect(second.stands.get(machineId)?.shown).toEqual(shown)
  })

  it('closes nothing where it is the one that was read last, and says so', async () => {
    const frozen = await startOne({ machines: 20 })
    await look(frozen, 'export', REFERENCE)
    frozen.world.simulator.setFaults({ exportStuck: {} })
    const second = await look(frozen, 'export', REFERENCE + 8 * HOUR)
    expect(ended(second.snapshot)).toMatchObject({ status: 'failed', errorCode: 'exportNotNewer', resolved: 0 })
  })

  it('opens, and closes nothing, where a line of it is broken', async () => {
    const frozen = await startOne()
    await look(frozen, 'export', REFERENCE)
    frozen.world.simulator.setFaults({ fileBrokenLine: {} })
    const second = await look(frozen, 'export', REFERENCE + 14 * DAY)
    expect(second.snapshot).toMatchObject({ status: 'incomplete', errorCode: 'exportBrokenLines' })
    expect(second.snapshot.appeared).toBeGreaterThan(0)
    const closed = [...(await closings(second.store, second.snapshot.snapshotId))]
    const ids = exportedIds(frozen, REFERENCE + 14 * DAY)
    // Those were told by the machine itself.
    for (const machineId of closed) expect(ids.has(machineId)).toBe(false)
  })

  it('leaves the machines of a group that vanished unknown, and asks none of them', async () => {
    const frozen = await startOne()
    const first = await look(frozen, 'export', REFERENCE)
    frozen.world.simulator.setFaults({ exportGroupMissing: {} })
    const second = await look(frozen, 'export', REFERENCE + DAY)
    expect(second.snapshot).toMatchObject({ status: 'incomplete', errorCode: 'exportGroupVanished' })
    const unknown = [...second.stands].filter(([, { state }]) => state === 'groupNotInExport')
    expect(unknown.length).toBeGreaterThanOrEqual(5)
    for (const [machineId, { shown }] of unknown) expect(shown).toEqual(first.stands.get(machineId)?.shown)
  })

  it('closes nothing where machines are lacking, until the next one says the same', async () => {
    const frozen = await startOne()
    const first = await look(frozen, 'export', REFERENCE)
    frozen.world.simulator.setFaults({ fileFewerMachines: { share: 0.5 } })
    const second = await look(frozen, 'export', REFERENCE + DAY)
    expect(second.snapshot).toMatchObject({ status: 'incomplete', errorCode: 'exportFell', resolved: 0 })
    expect([...second.stands.values()].filter(({ state }) => state === 'exportFell').length).toBeGreaterThan(5)
    for (const [machineId, { shown }] of first.stands) {
      expect(second.stands.get(machineId)?.shown).toEqual(expect.arrayContaining(shown))
    }
    const third = await look(frozen, 'export', REFERENCE + 2 * DAY)
    expect(third.snapshot.errorCode).toBeNull()
  })

  it.each<[string, Partial<Faults>]>([
    ['names in any letter case', { fileAnyCase: {} }],
    ['camelCase and nulls written out', { fileCamelCase: {} }],
    ['"" for null', { fileEmptyStrings: {} }],
    ['odd ends of lines', { fileOddLines: {} }],
    ['rows twice', { fileDuplicateRows: {} }],
    ['ids of machines in capitals', { fileCapitalIds: {} }],
    ['KB in front of ids', { fileKbInFront: {} }],
    ['ids that are no KB’s', { fileOddIds: {} }],
    ['rows of machines that nobody lists', { fileForeignMachines: {} }],
    ['an address that expires once', { fileExpired: { times: 1 } }],
  ])('is the same with %s', async (_, faults) => {
    const frozen = await startOne({ machines: 30 })
    frozen.world.simulator.setFaults(faults)
    const { snapshot, stands } = await look(frozen, 'export', REFERENCE)
    expect(snapshot.errorDetail).toBeNull()
    expect(snapshot.errorCode).toBeNull()
    const ids = exportedIds(frozen, REFERENCE)
    for (const [machineId, { state, raw }] of stands) {
      if (state === 'observed') expect(raw, machineId).toEqual(ids.get(machineId))
    }
    expect([...stands.values()].filter(({ state }) => state === 'observed').length).toBeGreaterThan(10)
  })
})

async function closings(store: TenantStore, snapshotId: string): Promise<Set<string>> {
  const machineIds = new Set<string>()
  for await (const page of store.machines.pages()) {
    for (const { machineId } of page) {
      const { intervals } = await store.missingKbs.read(machineId)
      if (intervals.some(({ resolvedSnapshotId }) => resolvedSnapshotId === snapshotId)) machineIds.add(machineId)
    }
  }
  return machineIds
}
