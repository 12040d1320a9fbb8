import { type EntitySet, optional, property, snapshotId } from './entity-set.ts'

const at = property('at', 'Edm.DateTimeOffset', 'The start of the last snapshot that it is of.')
const day = property('day', 'Edm.String', 'The UTC day as YYYYMMDD.')

/** What machines stood at. Ages are those of exposures. */
const standings = [
  property('coverage', 'Edm.Double', 'Machines observed of those to be asked, 0 to 1.'),
  optional('assessed', 'Edm.Double', 'Machines observed that reported in the last 30 days, of those to be asked; null where not counted.'),
  property('machinesAsked', 'Edm.Int32', 'Machines to be asked.'),
  property('machinesObserved', 'Edm.Int32', 'Machines that gave an answer.'),
  optional('machinesSilent', 'Edm.Int32', 'Those of them that have not reported for over 30 days; null where not counted.'),
  property('machinesUnknown', 'Edm.Int32', 'Machines that gave none.'),
  property('pairs', 'Edm.Int32', 'Pairs of machine and KB missing.'),
  property('pairs0To7', 'Edm.Int32', 'Those exposed for 0 to 7 days.'),
  property('pairs8To30', 'Edm.Int32', 'Those exposed for 8 to 30 days.'),
  property('pairs31To60', 'Edm.Int32', 'Those exposed for 31 to 60 days.'),
  property('pairs61To90', 'Edm.Int32', 'Those exposed for 61 to 90 days.'),
  property('pairsOver90', 'Edm.Int32', 'Those exposed for more than 90 days.'),
  property('pairsAtLeast', 'Edm.Int32', 'Those whose exposure may have begun before.'),
  property('machinesMissing', 'Edm.Int32', 'Machines that miss a KB.'),
  property('machinesOver30', 'Edm.Int32', 'Those of them whose oldest exposure is longer than 30 days.'),
] as const

/** What came to pass: intervals that opened and closed, by reason. */
const flows = [
  property('appearedBaseline', 'Edm.Int32', 'Opened: baseline.'),
  property('appearedMachineAdded', 'Edm.Int32', 'Opened: machineAdded.'),
  property('appearedReopened', 'Edm.Int32', 'Opened: reopened.'),
  property('appearedRebased', 'Edm.Int32', 'Opened: rebased, by a change of source.'),
  property('appearedNew', 'Edm.Int32', 'Opened: new.'),
  property('installed', 'Edm.Int32', 'Closed: installed. Superseded is not.'),
  property('superseded', 'Edm.Int32', 'Closed: superseded.'),
  property('upgraded', 'Edm.Int32', 'Closed: upgraded.'),
  property('silent', 'Edm.Int32', 'Closed: silent.'),
  property('reassessed', 'Edm.Int32', 'Closed: reassessed.'),
  property('removed', 'Edm.Int32', 'Closed: removed.'),
  property('excluded', 'Edm.Int32', 'Closed: excluded.'),
  property('rebased', 'Edm.Int32', 'Closed: rebased, by a change of source.'),
] as const

export const trendsSet = {
  name: 'Trends',
  typeName: 'Trend',
  description: 'What machines stood at when a snapshot ended, and what came to pass in it, as it was counted then.',
  key: ['snapshotId'],
  properties: [
    snapshotId,
    at,
    property('status', 'Edm.String', 'completed, incomplete or failed.'),
    property('source', 'Edm.String', 'perMachine or export: figures of two sources are no trend.'),
    ...standings,
    ...flows,
    property('apiCalls', 'Edm.Int32', 'Calls to Defender.'),
    property('apiThrottled', 'Edm.Int32', 'Calls that Defender put off (429).'),
  ],
} as const satisfies EntitySet

export const trendsByGroupSet = {
  name: 'TrendsByGroup',
  typeName: 'TrendByGroup',
  description:
    'The same by UTC day and device group, since groups are counted: the last snapshot of the day, with what came to pass in all of them.',
  key: ['dayAndGroup'],
  properties: [
    property('dayAndGroup', 'Edm.String', 'Day and group joined by "|": 20260518|Servers; nothing behind it for machines without a group.'),
    day,
    optional('rbacGroupName', 'Edm.String', 'The group; null for machines without one.'),
    at,
    ...standings,
    ...flows,
  ],
} as const satisfies EntitySet

export const cohortsSet = {
  name: 'Cohorts',
  typeName: 'Cohort',
  description:
    'What became of the KBs of a Patch Tuesday by the end of a UTC day: each pair counts once, and missing and all reasons add up to opened.',
  key: ['cohort', 'day'],
  properties: [
    property('cohort', 'Edm.String', 'The month of the Patch Tuesday as YYYYMM.'),
    day,
    at,
    property('daysSinceRelease', 'Edm.Int32', 'Whole days since the Patch Tuesday; below 0 before it.'),
    property('kbs', 'Edm.Int32', 'KBs.'),
    property('opened', 'Edm.Int32', 'Pairs of machine and KB that were ever missing.'),
    property('missing', 'Edm.Int32', 'Those still missing.'),
    property('installed', 'Edm.Int32', 'Those that were installed. Superseded is not.'),
    property('superseded', 'Edm.Int32', 'Those that another KB superseded.'),
    property('upgraded', 'Edm.Int32', 'Those whose system was replaced.'),
    property('silent', 'Edm.Int32', 'Those of machines that Defender has forgotten.'),
    property('reassessed', 'Edm.Int32', 'Those that vanished without a report.'),
    property('removed', 'Edm.Int32', 'Those of machines that are gone.'),
    property('excluded', 'Edm.Int32', 'Those of machines that are asked no more.'),
    property('rebased', 'Edm.Int32', 'Those that another source lists in another way.'),
  ],
} as const satisfies EntitySet
