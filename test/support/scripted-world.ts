import { noExport } from '../../dev/no-export.ts'
import type { TableClient } from '@azure/data-tables'
import { onTestFinished } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { activateSnapshot, type ListedMachine, type MissingKb } from '../../src/domain/index.ts'
import { startTableService, type TableServiceOptions } from '../../dev/table-service/index.ts'
import type { Environment } from '../../src/config/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import type { DefenderClient, Fault, ListResult, MachineResult, MissingKbsResult } from '../../src/defender/index.ts'
import type { Clock } from '../../src/outside.ts'
import { createProgram, type OneTenantServices } from '../../src/program.ts'
import { BUCKETS, openStore, rowLog, type TenantStore } from '../../src/store/index.ts'
import { tick, type TickResult } from '../../src/sync/index.ts'
import type { AtEnd } from './sharing.ts'
import { STORE_OPTIONS } from './stores.ts'
import { openClient } from './table-services.ts'
import { type LogLine, recorder } from './world.ts'

export const TENANT = '11111111-2222-3333-4444-555555555555'
export const START = Date.parse('2026-03-02T01:58:00Z')

export const idOf = (index: number) => index.toString(16).padStart(40, '0')

export const kbOf = (kbId: string): MissingKb => ({
  kbId,
  kbName: `KB ${kbId}`,
  productsNames: ['windows_11'],
  url: null,
  cveAddressed: 1,
  machineMissedOn: 1,
  osBuild: null,
})

/** What Defender says of a machine, where it says nothing. */
export const UNDESCRIBED = {
  computerDnsName: null,
  osPlatform: null,
  version: null,
  osBuild: null,
  rbacGroupId: null,
  rbacGroupName: null,
  healthStatus: null,
  onboardingStatus: null,
  lastSeen: null,
  firstSeen: null,
  aadDeviceId: null,
  machineTags: [],
} as const satisfies Omit<ListedMachine, 'machineId'>

export const machineOf = (index: number, values: Partial<ListedMachine> = {}): ListedMachine => ({
  ...UNDESCRIBED,
  machineId: idOf(index),
  computerDnsName: `pc-${index}`,
  osPlatform: 'Windows11',
  lastSeen: '2026-03-02T00:00:00.000Z',
  ...values,
})

export const faultOf = (kind: Fault['kind'], status: number, more: Partial<Fault> = {}): { kind: 'fault'; fault: Fault } => ({
  kind: 'fault',
  fault: { kind, status, code: `http${status}`, detail: 'not now', ...more },
})

export interface FreeClock extends Clock {
  at: number
}

/** A clock that may go anywhere, back as well: wrong clocks are the matter of some tests. */
export function freeClock(at: number): FreeClock {
  const clock: FreeClock = {
    at,
    now: () => clock.at,
    sleep: async (milliseconds) => {
      const wakeAt = clock.at + milliseconds
      await Promise.resolve()
      clock.at = Math.max(clock.at, wakeAt)
    },
  }
  return clock
}

/** What Defender says: of the machines and their KBs, unless something else is scripted; undefined is as usual. */
export interface Script {
  machines: ListedMachine[]
  kbs: Map<string, MissingKb[]>
  callMilliseconds: number
  missingKbs: (
    machineId: string,
    anotherCall: () => Promise<boolean>,
  ) => Promise<MissingKbsResult | undefined> | MissingKbsResult | undefined
  list: (skip: number) => ListResult | undefined
  /** What machines with a software miss, by its id; of others nothing is known. */
  software: Map<string, MissingKb[]>
  machine: (machineId: string) => MachineResult | undefined
  /** Calls made. */
  calls: number
}

const usualScript = (): Script => ({
  ...{ machines: [], kbs: new Map(), software: new Map(), callMilliseconds: 0, calls: 0 },
  ...{ missingKbs: () => undefined, list: () => undefined, machine: () => undefined },
})

function scriptedDefender(script: Script, clock: Clock): DefenderClient {
  const call = async () => {
    script.calls++
    if (script.callMilliseconds > 0) await clock.sleep(script.callMilliseconds)
  }
  return {
    ...noExport(),
    async missingKbs(machineId, anotherCall) {
      await call()
      const usual = {
        kind: 'observed',
        kbs: script.kbs.get(machineId) ?? [],
        dropped: 0,
        observedAt: new Date(clock.now()).toISOString(),
      } as const
      return (await script.missingKbs(machineId, anotherCall)) ?? usual
    },
    async listMachines({ skip, top }) {
      await call()
      const machines = script.machines.slice(skip, skip + top)
      return script.list(skip) ?? { kind: 'page', machines, rows: machines.length, more: false }
    },
    async machine(machineId) {
      await call()
      const machine = script.machines.find((one) => one.machineId === machineId)
      const usual = machine ? ({ kind: 'machine', machine } as const) : { ...faultOf('transient', 404), kind: 'absent' as const }
      return script.machine(machineId) ?? usual
    },
    async softwareMissingKbs(softwareId) {
      await call()
      const kbs = script.software.get(softwareId)
      return kbs ? { kind: 'counted', kbs } : faultOf('transient', 404)
    },
    close: async () => {},
  }
}

export type ScriptedWorld = Awaited<ReturnType<typeof startScriptedWorld>>

/**
 * The program over tables in memory and a Defender that says what the test says, on a clock that may be wrong. No schedule, no quota.
 * `atEnd` is told how to close it: with the test, unless several share it.
 */
export async function startScriptedWorld(environment: Environment = {}, tables: TableServiceOptions = {}, atEnd: AtEnd = onTestFinished) {
  const service = await startTableService({ random: () => 0.5, ...tables })
  atEnd(() => service.close())
  const clock = freeClock(START)
  const script = usualScript()
  const log: LogLine[] = []
  const openTable = (name: string) => openClient(service, name, STORE_OPTIONS)
  /** A process of its own, with a clock of its own if given, and something between it and its tables. */
  const another = (
    settings: Environment = {},
    itsClock: Clock = clock,
    hold: (client: TableClient, table: string) => TableClient = (client) => client,
  ): OneTenantServices => {
    const outside = outsideOf(itsClock, log)
    const program = createProgram(
      { ...SETTINGS, STORAGE_CONNECTION_STRING: service.connectionString, ...environment, ...settings },
      outside,
    )
    const opened = oneTenantOf(program)
    const store = openStore((name) => hold(openTable(name), name), '', rowLog(outside.log))
    return { ...opened, store, defender: scriptedDefender(script, itsClock) }
  }
  const services = another()
  const store = services.store.of(TENANT)
  await store.tenant.getOrCreate({ scheduledThrough: new Date(START).toISOString() })
  const tenant = async () => {
    const read = await store.tenant.get()
    if (!read) throw new Error('the tenant has no row')
    return read
  }
  /** Asks for a snapshot at an instant; its id. */
  const begin = async (at: number): Promise<string> => {
    clock.at = at
    const { tenant: row, etag } = await tenant()
    const activated = activateSnapshot(row, 'manual', at)
    await store.tenant.patch(activated, etag)
    return activated.activeSnapshotId ?? ''
  }
  const snapshot = async (at: number, program = services): Promise<string> => {
    const snapshotId = await begin(at)
    await finish(program, clock)
    return snapshotId
  }
  return {
    clock,
    script,
    log,
    service,
    openTable,
    services,
    store,
    another,
    tenant,
    begin,
    snapshot,
    changesOf: (snapshotId: string) => changesOf(store, snapshotId),
    row: (snapshotId: string) => store.snapshots.get(snapshotId),
  }
}

function outsideOf(clock: Clock, log: LogLine[]) {
  return { clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder(log) }
}

/** The changes of a snapshot, e.g. `1 5094127 resolved installed`: the machine by its number. */
async function changesOf({ changes }: TenantStore, snapshotId: string): Promise<string[]> {
  const found: string[] = []
  for (const bucket of BUCKETS) {
    for await (const page of changes.pages({ snapshotId, bucket })) {
      found.push(...page.map(({ machineId, kbId, change, reason }) => `${Number.parseInt(machineId, 16)} ${kbId} ${change} ${reason}`))
    }
  }
  return found
}

const SETTINGS = {
  DEFENDER_TENANT_ID: TENANT,
  DEFENDER_API_URL: 'http://127.0.0.1:9',
  SYNC_SCHEDULE: '0 0 0 1 1 *',
  SYNC_CALLS_PER_MINUTE: '100000',
  SYNC_CALLS_PER_HOUR: '1000000',
}

/** Ticks every minute until the snapshot ends; what the ticks came to. */
export async function finish(services: OneTenantServices, clock: FreeClock, mostTicks = 200): Promise<TickResult[]> {
  const results: TickResult[] = []
  while (results.length < mostTicks) {
    const result = await tick(services)
    results.push(result)
    if (result.kind === 'ended') return results
    clock.at += 60_000 - (clock.at % 60_000)
  }
  throw new Error(`no end in ${mostTicks} ticks: ${JSON.stringify(results.at(-1))}`)
}

/** Something that a test waits for, and lets happen. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
