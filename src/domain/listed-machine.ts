/** A machine as Defender lists it. */
export interface ListedMachine {
  /** Lower case; 40 hex digits in every known answer. */
  machineId: string
  /** Not unique: a machine that was set up anew has the same name and another id. */
  computerDnsName: string | null
  osPlatform: string | null
  version: string | null
  osBuild: number | null
  rbacGroupId: string | null
  rbacGroupName: string | null
  healthStatus: string | null
  onboardingStatus: string | null
  /** Last full report of the machine (about daily), ISO 8601 UTC; not the time that the portal shows. */
  lastSeen: string | null
  firstSeen: string | null
  aadDeviceId: string | null
  machineTags: readonly string[]
}

/** One machine of each id, in the order of first sight: pages by `$skip` have no stable order. The newer report wins. */
export function mergeMachines(machines: readonly ListedMachine[]): ListedMachine[] {
  const merged = new Map<string, ListedMachine>()
  for (const machine of machines) {
    const earlier = merged.get(machine.machineId)
    if (earlier === undefined || (machine.lastSeen ?? '') > (earlier.lastSeen ?? '')) merged.set(machine.machineId, machine)
  }
  return [...merged.values()]
}
