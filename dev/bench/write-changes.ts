import { createHash } from 'node:crypto'
import { type Change, snapshotIdOf, snapshotStartAt } from '../../src/domain/index.ts'
import { type TenantStore } from '../../src/store/index.ts'

const FIRST = Date.parse('2026-05-01T02:00:00Z')
const DAY_MS = 86_400_000
const ATTRIBUTES = { healthStatus: 'Active', onboardingStatus: 'Onboarded', firstSeen: null, aadDeviceId: null, machineTags: [] }

export const snapshotIdAt = (day: number) => snapshotIdOf(FIRST + day * DAY_MS)

/** Ids as Defender's are: 40 hex digits, in all buckets alike. */
export const machineIdsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha1').update(`machine ${index}`).digest('hex'))

export async function writeMachines(store: TenantStore, machineIds: readonly string[]): Promise<void> {
  const shown = {
    osPlatform: 'Windows11',
    version: '24H2',
    osBuild: '26100',
    rbacGroupId: '1',
    rbacGroupName: 'Workstations',
    lastSeen: snapshotStartAt(snapshotIdAt(0)),
  }
  await store.machines.list(
    machineIds.map((machineId) => ({
      machineId,
      ...ATTRIBUTES,
      ...shown,
      computerDnsName: nameOf(machineId),
      lastListedSnapshotId: snapshotIdAt(0),
      wanted: true,
    })),
  )
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
    observedAt: snapshotStartAt(snapshotId),
    appearedSnapshotId: snapshotId,
    lastMissingSnapshotId: null,
    computerDnsName: nameOf(machineId),
    osPlatform: 'Windows11',
    rbacGroupName: 'Workstations',
    kbName: 'May 2026 Security Updates',
    productsNames: ['windows_11'],
    url: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${kbId}`,
    cveAddressed: 61,
  }
}
