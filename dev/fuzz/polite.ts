import { type Fleet, type FuzzMachine, lastSeenAt } from './fleet.ts'

/** A row of the machine list, as Defender gives it. */
export const machineRow = (machine: FuzzMachine, look: number): Record<string, unknown> => ({
  id: machine.id,
  computerDnsName: `pc-${machine.id.slice(0, 4)}.exämple.com`,
  osPlatform: machine.osPlatform,
  version: '23H2',
  osBuild: 22_631,
  rbacGroupId: 1,
  rbacGroupName: 'Büro',
  healthStatus: 'Active',
  onboardingStatus: 'Onboarded',
  lastSeen: new Date(lastSeenAt(machine, look)).toISOString().replace('Z', '4567Z'),
  firstSeen: '2024-01-01T00:00:00Z',
  aadDeviceId: null,
  machineTags: ['a', 'b'],
})

export const listed = ({ machines }: Fleet, look: number, unlisted?: string): FuzzMachine[] =>
  machines.filter(({ id, seen }) => seen[look]?.exists && id !== unlisted)

/** What Defender says that a machine misses. */
export const missingKbs = ({ kbs }: Fleet, machine: FuzzMachine, look: number): Record<string, unknown> => ({
  '@odata.context': 'https://api.security.microsoft.com/api/$metadata#Collection(microsoft.windowsDefenderATP.api.PublicProductFixDto)',
  value: kbs
    .filter(({ id }) => machine.seen[look]?.kbIds.includes(id))
    .map(({ id, product }) => ({
      id,
      name: 'March 2026 Security Updates',
      productsNames: [product],
      url: `https://catalog.update.microsoft.com/?q=${id}`,
      machineMissedOn: 3,
      cveAddressed: 4,
      osBuild: 22_631,
    })),
})

export const machineList = (rows: readonly object[]): Record<string, unknown> => ({
  '@odata.context': 'https://api.security.microsoft.com/api/$metadata#Machines',
  value: rows,
})

export const NOT_FOUND = { error: { code: 'ResourceNotFound', message: 'Machine was not found', target: '7d0c' } }
