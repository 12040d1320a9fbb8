import { createHash } from 'node:crypto'
import type { TableClient } from '@azure/data-tables'
import { type Change, snapshotIdOf, snapshotStartAt } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'

/** Whose history is written. */
export const TENANT_ID = '11111111-2222-4333-8444-555555555555'

const FIRST = Date.parse('2026-05-01T02:00:00Z')
const DAY_MS = 86_400_000
const ATTRIBUTES = { healthStatus: 'Active', onboardingStatus: 'Onboarded', firstSeen: null, aadDeviceId: null, machineTags: [] }

export const snapshotIdAt = (day: number) => snapshotIdOf(FIRST + day * DAY_MS)

/** Ids as Defender's are: 40 hex digits, in all buckets alike. */
export const machineIdsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha1').update(`machine ${index}`).digest('hex'))

export async function writeMachines(store: TenantStore, machineIds: readonly string[], day = 0): Promise<void> {
  const shown = {
    osPlatform: 'Windows11',
    version: '24H2',
    osBuild: '26100',
    rbacGroupId: '1',
    rbacGroupName: 'Workstations',
    lastSeen: snapshotStartAt(snapshotIdAt(day)),
    lastListedSnapshotId: snapshotIdAt(day),
    wanted: true,
  }
  const rows = machineIds.map((machineId) => ({ machineId, ...ATTRIBUTES, ...shown, computerDnsName: nameOf(machineId) }))
  await store.machines.list(rows)
}

/** So many changes of one snapshot, spread over the fleet: KBs that appear. */
export async function writeChanges(store: TenantStore, machineIds: readonly string[], day: number, count: number): Promise<void> {
  const stride = Math.max(1, Math.floor(machineIds.length / count))
  const snapshotId = snapshotIdAt(day)
  const changes = Array.from({ length: count }, (_, index) => {
    const machineId = machineIds[(index * stride) % machineIds.length] ?? ''
    return appeared(snapshotId, machineId, String(5_000_000 + day * 1000 + Math.floor((index * stride) / machineIds.length)))
  })
  await store.changes.write(snapshotId, changes)
}

const nameOf = (machineId: string) => `pc-${machineId.slice(0, 8)}.contoso.example`

function appeared(snapshotId: string, machineId: string, kbId: string): Change {
  return {
    snapshotId,
    machineId,
    kbId,
    change: 'appeared',
    reason: 'new',
    replacedBy: [],
    derived: false,
    observedAt: snapshotStartAt(snapshotId),
    appearedSnapshotId: snapshotId,
    lastMissingSnapshotId: '',
    exposedSince: snapshotId,
    exposedAtLeast: false,
    stillExposed: true,
    reopenedAfter: null,
    takenOver: [],
    computerDnsName: nameOf(machineId),
    osPlatform: 'Windows11',
    rbacGroupName: 'Workstations',
    kbName: 'May 2026 Security Updates',
    productsNames: ['windows_11'],
    url: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${kbId}`,
    cveAddressed: 61,
  }
}

/** Where the other way of keeping history is tried: every snapshot in full, a row a machine. It is measured against, and not part of the program. */
export const FULL_SNAPSHOTS = 'fullsnapshots'

const BATCH = 100

/** Writes one snapshot in full: each machine with the KBs it is missing. */
export async function writeFullSnapshot(
  table: TableClient,
  snapshotId: string,
  machineIds: readonly string[],
  kbIdsOf: (machineId: string) => readonly string[],
): Promise<void> {
  await table.createTable()
  const sorted = machineIds.toSorted()
  for (let start = 0; start < sorted.length; start += BATCH) {
    const rows = sorted
      .slice(start, start + BATCH)
      .map((machineId) => ({ partitionKey: snapshotId, rowKey: machineId, kbIds: kbIdsOf(machineId).join(' ') }))
    await table.submitTransaction(rows.map((row) => ['upsert', row, 'Replace']))
  }
}
