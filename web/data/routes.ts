import type {
  Diff,
  Found,
  History,
  Kb,
  KbMachines,
  OneMachine,
  SnapshotsAnswer,
  Summary,
  Tenant,
  TenantsAnswer,
  UnknownMachines,
} from './answers.ts'
import type { CohortsAnswer, GroupsAnswer, KbTrend, Overview } from './figures.ts'
import type { Status } from './status.ts'

/** Every answer that the page reads, by the name of the API's route: nothing else can be asked for. A test compares each with its route. */
export interface Answers {
  cohorts: CohortsAnswer
  diffs: Diff
  diffsSummary: Summary
  groups: GroupsAnswer
  kb: Kb
  kbMachines: KbMachines
  kbTrend: KbTrend
  machine: OneMachine
  machineHistory: History
  overview: Overview
  search: Found
  snapshots: SnapshotsAnswer
  snapshotUnknown: UnknownMachines
  status: Status
  tenant: Tenant
  tenants: TenantsAnswer
}
