import { noExport } from '../no-export.ts'
import type { ListedMachine } from '../../src/domain/index.ts'
import type { DefenderClient } from '../../src/defender/index.ts'
import type { Clock } from '../../src/outside.ts'
import { machineIdsOf } from './write-history.ts'

const LATENCY_MS = 200

const KB = {
  kbId: '5094127',
  kbName: 'May 2026 Security Updates',
  productsNames: ['windows_11'],
  url: null,
  machineMissedOn: 1,
  cveAddressed: 61,
  osBuild: null,
}

/** A Defender without a network: every call takes its time on the given clock, and is written down when it is sent. */
export function fakeDefender(machines: number, clock: Clock): { defender: DefenderClient; sentAtMs: number[] } {
  const listed = machineIdsOf(machines).sort().map(machineOf)
  const sentAtMs: number[] = []
  const defender: DefenderClient = {
    async missingKbs() {
      sentAtMs.push(clock.now())
      await clock.sleep(LATENCY_MS)
      return { kind: 'observed', kbs: [KB], dropped: 0, observedAt: new Date(clock.now()).toISOString() }
    },
    async listMachines({ top, skip }) {
      await clock.sleep(LATENCY_MS)
      const page = listed.slice(skip, skip + top)
      return { kind: 'page', machines: page, rows: page.length, more: skip + top < listed.length }
    },
    async machine(machineId) {
      return { kind: 'machine', machine: machineOf(machineId) }
    },
    ...noExport(),
    async close() {},
  }
  return { defender, sentAtMs }
}

const machineOf = (machineId: string): ListedMachine => ({
  machineId,
  computerDnsName: machineId.slice(0, 8),
  osPlatform: 'Windows11',
  version: '24H2',
  osBuild: 26100,
  rbacGroupId: null,
  rbacGroupName: null,
  healthStatus: 'Active',
  onboardingStatus: null,
  lastSeen: '2026-05-17T00:00:00Z',
  firstSeen: null,
  aadDeviceId: null,
  machineTags: [],
})
