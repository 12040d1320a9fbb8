import {
  direct,
  type Interval,
  type MachineOutcome,
  NO_APPEARED,
  NO_RESOLVED,
  pendingSnapshot,
  snapshotStartAt,
  UNRESOLVED,
} from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { machineIdsOf, snapshotIdAt, writeChanges, writeMachines } from './write-history.ts'
import { type CountedFleet, writeCohorts, writeEnd, writeGroupMonths, writePoints, writeTrends } from './write-trends.ts'

/** As much of everything as a year of daily snapshots of a large fleet leaves for the page to show. */
const DAYS = 400
/** Up to then the fleet was a tenth of what it is: counting takes time. */
const GREW_ON_DAY = DAYS - 90
const INCOMPLETE_DAY = DAYS - 2
const MONTHS = 12
const GROUPS = 60
/** Of the newest snapshot: more than a page. */
const CHANGES = 500
const UNKNOWN = 150
/** Machines whose intervals are there as well: more than one page of any list. */
const WITH_INTERVALS = 210
const KBS = Array.from({ length: 6 }, (_, index) => String(5_094_001 + index))
/** One machine misses a KB too many, and was out of sight again and again. */
const WORST_KBS = Array.from({ length: 1_700 }, (_, index) => String(6_000_001 + index))
const WORST_GAPS = 110

export interface LargeFleet {
  newestSnapshotId: string
  /** One with machines that it could not observe. */
  incompleteSnapshotId: string
  /** The machine that misses most. */
  worstMachineId: string
  /** A KB that every machine misses, and that changed every day. */
  kbId: string
}

/** Writes a fleet of so many machines straight into a store, with a year of daily snapshots behind it. */
export async function writeFleet(store: TenantStore, machines: number): Promise<LargeFleet> {
  const machineIds = machineIdsOf(machines).toSorted()
  const newestDay = DAYS - 1
  await writeMachines(store, machineIds, newestDay)
  await store.names.rename(machineIds.map((machineId) => ({ machineId, name: `pc-${machineId.slice(0, 8)}`, formerName: null })))
  await store.machines.settle(machineIds.map((machineId, index) => outcomeOf(machineId, kbIdsOf(index))))
  for (const [index, machineId] of machineIds.slice(0, WITH_INTERVALS).entries()) await writeIntervals(store, machineId, kbIdsOf(index))
  await writeKbs(store, machines)
  await writeSnapshots(store, machineIds)
  await writeChanges(store, machineIds, newestDay, CHANGES)
  const counted: CountedFleet = { machines, groups: GROUPS, firstDay: GREW_ON_DAY, days: DAYS - GREW_ON_DAY }
  await writePoints(store, { ...counted, machines: machines / 10, firstDay: 0, days: GREW_ON_DAY })
  await writeTrends(store, counted)
  await writeGroupMonths(store, counted, monthsUpTo(snapshotIdAt(newestDay)))
  const all = { ...counted, firstDay: 0, days: DAYS }
  await writeCohorts(store, all)
  await writeEnd(store, all)
  return {
    newestSnapshotId: snapshotIdAt(newestDay),
    incompleteSnapshotId: snapshotIdAt(INCOMPLETE_DAY),
    worstMachineId: machineIds[0] ?? '',
    kbId: KBS[0] ?? '',
  }
}

const kbIdsOf = (index: number): readonly string[] => (index === 0 ? [...KBS, ...WORST_KBS] : KBS.slice(0, 1 + (index % KBS.length)))

function outcomeOf(machineId: string, kbIds: readonly string[]): MachineOutcome {
  const [snapshotId, since] = [snapshotIdAt(DAYS - 1), snapshotIdAt(0)]
  const at = snapshotStartAt(snapshotId)
  const exposure = { appearedSnapshotId: since, exposedSince: since, exposedAtLeast: false, exposedWith: [] }
  return {
    ...{ machineId, settledSnapshotId: snapshotId, state: 'observed', code: null, detail: null, status: 0, attempts: 1 },
    ...{ retryInSnapshotId: null, notOnboardedSnapshotId: null, changedSnapshotId: snapshotId, filteredOut: false },
    ...{ namedAs: null, firstListedSnapshotId: since, lastObservedSnapshotId: snapshotId, observedAt: at, observedLastSeen: at },
    ...{ observedOsPlatform: 'Windows11', observedVersion: '24H2', missingKbIds: kbIds, missingSince: kbIds.map(() => exposure) },
    ...{ observedSource: 'perMachine', osVersion: null, containedKbIds: [] },
    ...{ missing: kbIds.length, oldestMissingAt: snapshotStartAt(since) },
  }
}

async function writeIntervals(store: TenantStore, machineId: string, kbIds: readonly string[]): Promise<void> {
  const snapshotId = snapshotIdAt(DAYS - 1)
  const changed = kbIds.map(intervalOf)
  await store.missingKbs.commit(
    machineId,
    { snapshotId, outcome: 'observed', ...direct(snapshotStartAt(snapshotId)), changed, resumeFrom: '' },
    undefined,
  )
  if (kbIds.length <= KBS.length) return
  const gaps = Array.from({ length: WORST_GAPS }, (_, index) => ({
    ...{ machineId, kind: 'unknown' as const, code: 'http502', atLeast: false },
    ...{ fromSnapshotId: snapshotIdAt(3 * index), toSnapshotId: snapshotIdAt(3 * index + 1) },
  }))
  await store.missingKbs.writeGaps(gaps)
}

function intervalOf(kbId: string, index: number): Interval {
  const appearedSnapshotId = snapshotIdAt(index % DAYS)
  const at = snapshotStartAt(appearedSnapshotId)
  return {
    ...{ kbId, appearedSnapshotId, appearedReason: 'new', appearedObservedAt: at, ...UNRESOLVED },
    ...{ exposedSince: appearedSnapshotId, exposedAtLeast: false, exposedWith: [], derived: false, contains: [], ...described(kbId) },
  }
}

const described = (kbId: string) => ({
  kbName: 'May 2026 Security Updates',
  productsNames: ['windows_11'],
  url: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${kbId}`,
  cveAddressed: 61,
})

async function writeKbs(store: TenantStore, machines: number): Promise<void> {
  const seen = { firstSeenSnapshotId: snapshotIdAt(0), lastSeenSnapshotId: snapshotIdAt(DAYS - 1) }
  const all = [...KBS, ...WORST_KBS].map((kbId) => ({ kbId, ...described(kbId), ...seen, cohort: '202605', machinesMissing: machines }))
  await store.kbs.write(all)
  const top = all.slice(0, 100).map(({ kbId, kbName, cohort, machinesMissing }) => ({ kbId, kbName, cohort, machinesMissing }))
  await store.trends.writeTop([{ list: 'worstKbs', snapshotId: snapshotIdAt(DAYS - 1), total: all.length, items: top }])
  const points = Array.from({ length: DAYS }, (_, day) => ({
    ...{ kbId: KBS[0] ?? '', snapshotId: snapshotIdAt(day), missing: machines - day, appeared: { ...NO_APPEARED, new: 3 } },
    ...{ resolved: { ...NO_RESOLVED, installed: 2, superseded: 1 }, opened: machines + day },
    became: { ...NO_RESOLVED, installed: day, superseded: day },
  }))
  await store.kbTrends.write(points)
}

async function writeSnapshots(store: TenantStore, machineIds: readonly string[]): Promise<void> {
  const counts = { wanted: machineIds.length, observed: machineIds.length - UNKNOWN, unknown: UNKNOWN, silent: 0 }
  for (let day = DAYS - 120; day < DAYS; day++) {
    const snapshotId = snapshotIdAt(day)
    const ended = { status: 'incomplete', phase: 'ended', finishedAt: snapshotStartAt(snapshotId) } as const
    await store.snapshots.write({ ...pendingSnapshot(snapshotId, 'schedule'), ...ended, ...counts })
  }
  const fault = { status: 502, code: 'http502', detail: 'A gateway gave up.', attempts: 3 }
  const unknown = machineIds.slice(0, UNKNOWN).map((machineId) => ({ machineId, computerDnsName: null, ...fault }))
  await store.snapshots.writeUnknown(snapshotIdAt(INCOMPLETE_DAY), unknown)
}

/** The newest months, up to that of a snapshot. */
const monthsUpTo = (snapshotId: string): string[] =>
  Array.from({ length: MONTHS }, (_, ago) => {
    const [year, month] = [Number(snapshotId.slice(0, 4)), Number(snapshotId.slice(4, 6))]
    return new Date(Date.UTC(year, month - 1 - ago, 1)).toISOString().slice(0, 7).replace('-', '')
  })
