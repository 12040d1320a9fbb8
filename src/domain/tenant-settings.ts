/** What is set for one tenant of many; null is what the app has. A tenant that the app alone reads has nothing set. */
export interface TenantSettings {
  /** What people call it. */
  name: string | null
  /** Not read; its history stays. */
  isDisabled: boolean
  cloud: string | null
  region: string | null
  /** NCRONTAB, in UTC. */
  schedule: string | null
  machineFilter: string | null
  /** Prefixes of osPlatform, between commas. */
  machinePlatforms: string | null
  callsPerMinute: number | null
  callsPerHour: number | null
  source: string | null
}

export const NOTHING_SET: TenantSettings = {
  name: null,
  isDisabled: false,
  cloud: null,
  region: null,
  schedule: null,
  machineFilter: null,
  machinePlatforms: null,
  callsPerMinute: null,
  callsPerHour: null,
  source: null,
}
