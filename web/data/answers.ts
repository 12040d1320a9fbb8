// What the page reads of the API's answers about machines, KBs and snapshots. A test compares these with the schemas of the routes.

export interface SnapshotRef {
  snapshotId: string
  startedAt: string
  status: string
  coverage: number
}

export interface Machine {
  machineId: string
  computerDnsName: string | null
  osPlatform: string | null
  version: string | null
  rbacGroupName: string | null
  healthStatus: string | null
  lastSeen: string | null
  missing: number | null
  lastObservedSnapshotId: string | null
  state: string
}

/** One machine, and whether what is said of it has a witness. */
export interface OneMachine extends Machine {
  assessed: boolean
}

export interface TopMachine extends Machine {
  exposedSince?: string | undefined
  daysExposed?: number | undefined
  exposedAtLeast?: boolean | undefined
  code?: string | null | undefined
}

export interface MachinesAnswer {
  machines: TopMachine[]
  /** Of a list in an order: whether it is all that there is. */
  complete?: boolean | undefined
  nextLink?: string | undefined
}

export interface TopKb {
  kbId: string
  kbName: string | null
  cohort: string | null
  machinesMissing: number
}

export interface Change {
  machineId: string
  computerDnsName: string | null
  osPlatform: string | null
  rbacGroupName: string | null
  kbId: string
  kbName: string | null
  change: string
  reason: string
  replacedBy?: string[] | undefined
  snapshotId: string
  at: string
  daysMissing: number
  daysExposed: number
  exposedAtLeast: boolean
  stillExposed?: boolean | null | undefined
}

export interface Diff {
  from: SnapshotRef
  to: SnapshotRef
  mode: string
  changes: Change[]
  nextLink?: string | undefined
}

export interface SummaryGroup {
  key?: string | null | undefined
  appeared: number
  resolved: number
}

export interface Summary {
  from: SnapshotRef
  to: SnapshotRef
  totals: { appeared: number; resolved: number; installed: number; stillExposed: number; machines: number; kbs: number }
  groups: SummaryGroup[]
}

export interface Gap {
  kind: string
  code: string | null
  from: string
  to?: string | undefined
}

export interface Interval {
  kbId: string
  kbName: string | null
  state: string
  firstMissingAt: string
  daysMissing: number
  daysExposed: number
  exposedAtLeast: boolean
  appearedReason: string
  resolvedAt?: string | undefined
  resolvedReason?: string | undefined
  replacedBy?: string[] | undefined
}

export interface History {
  intervals: Interval[]
  gaps: Gap[] | null
  nextLink?: string | undefined
}

export interface Kb {
  kbId: string
  kbName: string | null
  productsNames: readonly string[]
  url: string | null
  cveAddressed: number | null
  machinesMissing: number
  firstSeenAt: string
  lastSeenAt: string
}

export interface KbsAnswer {
  kbs: Kb[]
  nextLink?: string | undefined
}

/** A machine that misses a KB. */
export interface KbMachine {
  machineId: string
  computerDnsName: string | null
  osPlatform: string | null
  rbacGroupName: string | null
  state: string
  firstMissingAt: string
  daysExposed: number
  exposedAtLeast: boolean
}

export interface KbMachines {
  machines: KbMachine[]
  nextLink?: string | undefined
}

export interface Found {
  machines: Pick<Machine, 'machineId' | 'computerDnsName'>[]
  kbs: Pick<Kb, 'kbId' | 'kbName'>[]
}

export interface Snapshot {
  snapshotId: string
  status: string
  trigger: string
  startedAt: string
  finishedAt?: string | undefined
  progress: number
  etaSeconds?: number | null | undefined
  machines: { listed: number; observed: number; silent: number | null; unknown: number; skipped: number; removed: number }
  coverage: number
  assessed: number | null
  changes: { appeared: number; resolved: number }
  missing: { pairs: number; kbs: number; machines: number }
  api: { calls: number; throttled: number; retries: number }
  error?: { code: string; detail: string } | undefined
}

export interface SnapshotsAnswer {
  snapshots: Snapshot[]
  nextLink?: string | undefined
}

export interface UnknownMachine {
  machineId: string
  computerDnsName: string | null
  status: number | null
  code: string
  detail: string
  attempts: number
}

export interface UnknownMachines {
  machines: UnknownMachine[]
  nextLink?: string | undefined
}
