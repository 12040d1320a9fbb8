import type {
  Diff,
  Found,
  History,
  Kb,
  KbMachines,
  KbsAnswer,
  MachinesAnswer,
  OneMachine,
  SnapshotsAnswer,
  Summary,
  UnknownMachines,
} from './answers.ts'
import type { Cohort, CohortsAnswer, GroupsAnswer, KbTrend, Overview, Trend } from './figures.ts'
import type { Status } from './status.ts'
import type { Tenant, TenantsAnswer } from './tenants.ts'

/** Every answer that the page reads, by the name of the API's route: nothing else can be asked for. A test compares each with its route. */
export interface Answers {
  cohort: Cohort
  cohorts: CohortsAnswer
  diffs: Diff
  diffsSummary: Summary
  groups: GroupsAnswer
  kb: Kb
  kbMachines: KbMachines
  kbs: KbsAnswer
  kbTrend: KbTrend
  machine: OneMachine
  machineHistory: History
  machines: MachinesAnswer
  overview: Overview
  search: Found
  snapshots: SnapshotsAnswer
  snapshotUnknown: UnknownMachines
  status: Status
  tenant: Tenant
  tenants: TenantsAnswer
  trends: Trend
}
