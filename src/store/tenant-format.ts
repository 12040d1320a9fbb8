import { BUDGET_NAMES, FIRST_SNAPSHOT_ID, SNAPSHOT_STATUSES, type TenantSettings, type TenantState, TRIGGERS } from '../domain/index.ts'
import {
  type ColumnsOf,
  flag,
  integer,
  optionalInstant,
  optionalInteger,
  optionalSnapshotId,
  optionalText,
  optionalWord,
} from './columns.ts'

const settingColumns: ColumnsOf<TenantSettings> = {
  name: optionalText,
  isDisabled: flag,
  cloud: optionalText,
  region: optionalText,
  schedule: optionalText,
  machineFilter: optionalText,
  machinePlatforms: optionalText,
  callsPerMinute: optionalInteger,
  callsPerHour: optionalInteger,
  source: optionalText,
}

export const tenantColumns: ColumnsOf<TenantState> = {
  ...settingColumns,
  dispatchedAt: optionalInstant,
  dispatches: integer,
  lastSliceAt: optionalInstant,
  deletingSince: optionalText,
  deletedRows: integer,
  endedStatus: optionalWord(SNAPSHOT_STATUSES),
  endedCoveragePpm: optionalInteger,
  endedMissingPairs: optionalInteger,
  endedMissingMachines: optionalInteger,
  endedOver30: optionalInteger,
  createdAt: optionalText,
  lastTickAt: optionalInstant,
  leaseOwner: optionalText,
  leaseUntil: optionalInstant,
  sliceOpen: flag,
  activeSnapshotId: optionalSnapshotId(),
  activeTrigger: optionalWord(TRIGGERS),
  activeSlices: integer,
  activeCalls: integer,
  activeThrottled: integer,
  activeRetries: integer,
  activeMilliseconds: integer,
  activeSkippedStarts: integer,
  activeStalledMilliseconds: integer,
  brokenSlices: integer,
  suspectMachineId: optionalText,
  suspectSlices: integer,
  missingKbsBudget: optionalText,
  machinesBudget: optionalText,
  waitsForBudget: optionalWord(BUDGET_NAMES),
  notBefore: optionalInstant,
  scheduledThrough: optionalInstant,
  lastSnapshotId: optionalSnapshotId(),
  // There was one, whichever: who joins now is no part of it, and no snapshot is hidden.
  baselineSnapshotId: optionalSnapshotId(FIRST_SNAPSHOT_ID),
  oldestSnapshotId: optionalSnapshotId(FIRST_SNAPSHOT_ID),
  lastEndedSnapshotId: optionalSnapshotId(),
  lastEndedAt: optionalText,
  lastAnsweredAt: optionalText,
  trendsSince: optionalSnapshotId(),
  gapsSince: optionalSnapshotId(),
  trendsDerived: flag,
  trendsRetryAt: optionalInstant,
  assessedPpm: optionalInteger,
  blockedCode: optionalText,
  blockedDetail: optionalText,
  blockedAt: optionalText,
  identitySince: optionalText,
  identityDetail: optionalText,
}

/** What is active is the newest that was ever begun. A later one was written by somebody else, and would stand behind all that follow it. */
export function withoutStray<T extends Pick<TenantState, 'activeSnapshotId' | 'lastSnapshotId'>>(tenant: T): T {
  const { activeSnapshotId, lastSnapshotId } = tenant
  const isStray = activeSnapshotId !== null && lastSnapshotId !== null && activeSnapshotId > lastSnapshotId
  return isStray ? { ...tenant, activeSnapshotId: null } : tenant
}
