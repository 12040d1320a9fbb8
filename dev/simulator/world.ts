import { DAY, HOUR } from './time.ts'

/** What is assumed about Defender and about the fleet, in one place. The links are to what Microsoft says; the rest is judgement. */
export const WORLD = {
  /** So that more than eight weekly looks, and four Patch Tuesdays, fall between the start and the last update of the catalogue. */
  defaultStart: new Date('2026-03-02T00:00:00Z'),

  /** Patch Tuesday is at 10:00 in Redmond. https://learn.microsoft.com/windows/deployment/update/release-cycle */
  releaseHourUtc: 17 * HOUR,
  /** Defender needs a while before it knows an update. */
  visibleAfter: { from: 4 * HOUR, to: 2 * DAY },

  /** Findings of a silent machine are shown for 30 days. https://learn.microsoft.com/defender-vulnerability-management/retention-logic-mdvm */
  findingsKept: 30 * DAY,
  /** A machine is `Inactive` after 7 days of silence, and forgotten after 180; same page. */
  inactiveAfter: 7 * DAY,
  machineKept: 180 * DAY,

  /** Lives take their turns (joining, leaving, falling silent) within this time after the start. */
  eventful: 120 * DAY,
  reportJitter: HOUR / 2,
  rebootTakes: HOUR / 3,
  /** How old the image of a system is to which a machine is upgraded. */
  upgradeImageAge: { from: 5 * DAY, to: 45 * DAY },

  /** Share of KBs that stay listed beside their successor until they are installed: see patching.ts. */
  staysListed: 0.12,
  /** Share of machines that an update beside the cumulative one (hotpatch, out-of-band, safe boot list) is for. */
  sideUpdate: 0.15,
  /** Share of machines with one particular Office component installed from MSI. */
  officeComponent: 0.25,
} as const

/** How soon an owner installs what is released; in days. */
export const HABITS = [
  { habit: 'fast', share: 0.2, days: { from: 1, to: 4 } },
  { habit: 'normal', share: 0.4, days: { from: 6, to: 15 } },
  { habit: 'slow', share: 0.25, days: { from: 28, to: 60 } },
  { habit: 'never', share: 0.15, days: undefined },
] as const

/** `catalogPlatform` is the name in kb-catalog.json; the builds are Microsoft's. Without one, the machine gets no KBs. */
export interface Platform {
  osPlatform: string
  version: string
  osBuild: number | null
  catalogPlatform?: string
  server: boolean
  share: number
}

export const PLATFORMS: readonly [Platform, ...Platform[]] = [
  { osPlatform: 'Windows10', version: '22H2', osBuild: 19045, catalogPlatform: 'Windows 10 Version 22H2', server: false, share: 0.18 },
  { osPlatform: 'Windows10', version: '21H2', osBuild: 19044, catalogPlatform: 'Windows 10 Version 21H2', server: false, share: 0.05 },
  { osPlatform: 'Windows11', version: '22H2', osBuild: 22621, catalogPlatform: 'Windows 11 Version 22H2', server: false, share: 0.06 },
  { osPlatform: 'Windows11', version: '23H2', osBuild: 22631, catalogPlatform: 'Windows 11 Version 23H2', server: false, share: 0.22 },
  { osPlatform: 'Windows11', version: '24H2', osBuild: 26100, catalogPlatform: 'Windows 11 Version 24H2', server: false, share: 0.18 },
  { osPlatform: 'Windows11', version: '25H2', osBuild: 26200, catalogPlatform: 'Windows 11 Version 25H2', server: false, share: 0.04 },
  { osPlatform: 'WindowsServer2016', version: '1607', osBuild: 14393, catalogPlatform: 'Windows Server 2016', server: true, share: 0.02 },
  { osPlatform: 'WindowsServer2019', version: '1809', osBuild: 17763, catalogPlatform: 'Windows Server 2019', server: true, share: 0.07 },
  { osPlatform: 'WindowsServer2022', version: '21H2', osBuild: 20348, catalogPlatform: 'Windows Server 2022', server: true, share: 0.1 },
  { osPlatform: 'WindowsServer2025', version: '24H2', osBuild: 26100, catalogPlatform: 'Windows Server 2025', server: true, share: 0.05 },
  { osPlatform: 'macOS', version: '15.5', osBuild: null, server: false, share: 0.02 },
  { osPlatform: 'Linux', version: '22.4', osBuild: null, server: true, share: 0.01 },
]

/** Which system follows which where owners upgrade, by the name and version of both. */
export const UPGRADES: readonly { from: string; to: string }[] = [
  { from: 'Windows10 22H2', to: 'Windows11 24H2' },
  { from: 'Windows10 21H2', to: 'Windows11 23H2' },
  { from: 'Windows11 22H2', to: 'Windows11 24H2' },
  { from: 'Windows11 23H2', to: 'Windows11 24H2' },
]

/** Products beside Windows: the share of workstations and of servers that have them. */
export const PRODUCTS = {
  '.net_framework': { workstations: 0.6, servers: 0.8 },
  office: { workstations: 0.5, servers: 0.02 },
  visual_studio: { workstations: 0.05, servers: 0 },
  sql_server: { workstations: 0.01, servers: 0.15 },
  exchange_server: { workstations: 0, servers: 0.03 },
  sharepoint_server: { workstations: 0, servers: 0.02 },
} as const satisfies Record<string, { workstations: number; servers: number }>

export type Product = keyof typeof PRODUCTS

/** What becomes of a machine; shares of all machines that are not one of a re-imaged pair. */
export const LIVES = [
  { life: 'steady', share: 0.74 },
  { life: 'joins', share: 0.07 },
  { life: 'leaves', share: 0.05 },
  { life: 'leavesAndReturns', share: 0.04 },
  { life: 'fallsSilent', share: 0.04 },
  { life: 'fallsSilentAndReturns', share: 0.06 },
] as const

/** Share of odd-numbered machines that are a re-imaged neighbour: a new id under the DNS name of the old one. */
export const REIMAGED = 0.05
