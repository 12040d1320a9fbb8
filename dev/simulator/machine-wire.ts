import { draw, drawGuid, drawHex, drawIndex } from './draw.ts'
import { asOf, type Character } from './machine-character.ts'
import { lastReportAt } from './reports.ts'
import { sevenDigitTimestamp } from './time.ts'
import { WORLD } from './world.ts'

const RBAC_GROUPS = {
  server: [
    { rbacGroupId: 12, rbacGroupName: 'Servers' },
    { rbacGroupId: 0, rbacGroupName: null },
  ],
  workstation: [
    { rbacGroupId: 11, rbacGroupName: 'Workstations' },
    { rbacGroupId: 11, rbacGroupName: 'Workstations' },
    { rbacGroupId: 13, rbacGroupName: 'Kiosks' },
    { rbacGroupId: 0, rbacGroupName: null },
  ],
} as const

export interface RbacGroup {
  rbacGroupId: number
  rbacGroupName: string | null
}

export type MachineWire = ReturnType<typeof machineOnTheWire>

/**
 * The machine as the API shows it at that time: the fields of https://learn.microsoft.com/defender-endpoint/api/machine, and those that
 * recorded answers have beyond it (`osVersion`, `mergedIntoMachineId`, …), null where recordings have null.
 */
export function machineOnTheWire(machine: Character, at: number, reportedAt = lastReportAt(machine, at)) {
  const { machineId } = machine
  const lastSeen = reportedAt ?? machine.life.known[0]?.from ?? 0
  const { platform } = asOf(machine, lastSeen)
  return {
    id: machineId,
    mergedIntoMachineId: null,
    isPotentialDuplication: false,
    isExcluded: false,
    exclusionReason: null,
    computerDnsName: dnsNameOf(machine),
    firstSeen: timestamp(machine, machine.life.known[0]?.from ?? 0),
    lastSeen: timestamp(machine, lastSeen),
    osPlatform: platform.osPlatform,
    osVersion: null,
    osProcessor: 'x64',
    version: platform.version,
    ...network(machine),
    agentVersion: platform.osBuild === null ? '101.25042.0003' : `10.8760.${platform.osBuild}.4890`,
    osBuild: platform.osBuild,
    healthStatus: healthStatus(machine, at - lastSeen),
    deviceValue: platform.server && one(machine, 'device value', 5) ? 'High' : 'Normal',
    ...rbacGroupOf(machine),
    riskScore: pick(machine, 'risk', ['None', 'None', 'Informational', 'Low', 'Medium', 'High']),
    exposureLevel: pick(machine, 'exposure', ['Low', 'Medium', 'Medium', 'High']),
    isAadJoined: !platform.server,
    aadDeviceId: platform.server || one(machine, 'aad', 10) ? null : drawGuid(machine.seed, machine.index, 'aad device id'),
    machineTags: pick<readonly string[]>(machine, 'tags', [[], [], [], ['pilot'], ['finance', 'vip']]),
    onboardingStatus: machine.onboarded ? 'Onboarded' : 'CanBeOnboarded',
    osArchitecture: '64-bit',
    managedBy: platform.server ? 'MDE' : 'Intune',
    managedByStatus: 'Success',
    defenderAvStatus: pick(machine, 'av', ['Updated', 'Updated', 'NotUpdated', 'Unknown']),
    vmMetadata: null,
  }
}

/** Null for a few, as clients report it; a re-imaged machine keeps its name. */
export function dnsNameOf({ seed, index, number, platform, life }: Character): string | null {
  const first = life.reimagedFrom ?? index
  if (draw(seed, first, 'nameless') < 0.004) return null
  return `${platform.server ? 'srv' : 'ws'}-${String(first + number - index).padStart(5, '0')}.corp.contoso.com`
}

function timestamp({ seed, index }: Character, at: number): string {
  return sevenDigitTimestamp(at, drawIndex(10_000, seed, index, 'tenths of microseconds', at))
}

/** Inactive after 7 days of silence, see world.ts; the sensor of a few has trouble though they report. */
function healthStatus(machine: Character, silence: number): string {
  if (!machine.onboarded) return 'Unknown'
  if (silence > WORLD.inactiveAfter) return 'Inactive'
  if (one(machine, 'impaired', 50)) return 'ImpairedCommunication'
  return one(machine, 'no sensor data', 100) ? 'NoSensorData' : 'Active'
}

/** The group whose people may see the machine; 0 is none. */
export function rbacGroupOf(machine: Character): RbacGroup {
  const groups = machine.platform.server ? RBAC_GROUPS.server : RBAC_GROUPS.workstation
  return groups[drawIndex(groups.length, machine.seed, machine.index, 'rbac group')] ?? groups[0]
}

function network({ seed, index, number }: Character) {
  const ipAddress = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
  return {
    lastIpAddress: ipAddress,
    lastExternalIpAddress: `203.0.113.${number % 254}`,
    ipAddresses: [
      { ipAddress, macAddress: drawHex(12, seed, index, 'mac').toUpperCase(), type: 'Ethernet', operationalStatus: 'Up' },
      { ipAddress: '127.0.0.1', macAddress: null, type: 'SoftwareLoopback', operationalStatus: 'Up' },
    ],
  }
}

function pick<T>({ seed, index }: Character, purpose: string, choices: readonly [T, ...T[]]): T {
  return choices[drawIndex(choices.length, seed, index, purpose)] ?? choices[0]
}

function one({ seed, index }: Character, purpose: string, inHowMany: number): boolean {
  return drawIndex(inHowMany, seed, index, purpose) === 0
}
