import { APPEARED_REASONS, RESOLVED_REASONS } from '../domain/index.ts'
import { type EntitySet, inWords, kbId, machineId, optional, property, snapshotId } from './entity-set.ts'
import { kbsSet, kbTotalsSet } from './kb-sets.ts'
import { gapsSet } from './gaps-set.ts'
import { snapshotsSet } from './snapshots-set.ts'
import { tenantDaysSet, tenantsSet } from './tenant-sets.ts'
import { cohortsSet, trendsByGroupSet, trendsSet } from './trend-sets.ts'

export { kbsSet, kbTotalsSet } from './kb-sets.ts'
export { gapsSet } from './gaps-set.ts'
export { snapshotsSet } from './snapshots-set.ts'
export { tenantDaysSet, tenantsSet } from './tenant-sets.ts'
export { cohortsSet, trendsByGroupSet, trendsSet } from './trend-sets.ts'
export type { EdmType, EntitySet, Property, RowOf } from './entity-set.ts'

/** Joins lists to text. */
export const LIST_SEPARATOR = '; '

export const NAMESPACE = 'patchtrail'
export const CONTAINER = 'Container'

/**
 * The entity sets of the feed, as data. `$metadata`, the reading of rows, the filters and the Power BI model's columns all follow from these.
 * Names are those of the HTTP API; text lists are joined by `; `, since a flat row has no lists.
 */

const derived = property(
  'derived',
  'Edm.Boolean',
  "Whether it was derived from the vulnerability export: not Defender's own answer for the machine.",
)
const exposedAtLeast = property('exposedAtLeast', 'Edm.Boolean', 'Whether the exposure may have begun before.')
const stillExposed = optional(
  'stillExposed',
  'Edm.Boolean',
  'Whether the machine stays exposed: false where the KB was installed or the system replaced, null where nothing can be claimed.',
)

export const machinesSet = {
  name: 'Machines',
  typeName: 'Machine',
  description: 'All machines ever listed, as Defender listed them last.',
  key: ['machineId'],
  properties: [
    machineId,
    optional('computerDnsName', 'Edm.String', 'DNS name; several machines may share one.'),
    optional('osPlatform', 'Edm.String', 'Operating system, e.g. Windows11.'),
    optional('version', 'Edm.String', 'Version of the operating system.'),
    optional('osBuild', 'Edm.String', 'Build of the operating system.'),
    optional('rbacGroupName', 'Edm.String', 'Device group in Defender.'),
    optional('healthStatus', 'Edm.String', 'Health of the sensor.'),
    optional('onboardingStatus', 'Edm.String', 'Whether it is onboarded.'),
    optional('lastSeen', 'Edm.DateTimeOffset', 'Its last report to Defender.'),
    optional('firstSeen', 'Edm.DateTimeOffset', 'Its first report to Defender.'),
    optional('aadDeviceId', 'Edm.String', 'Device id in Microsoft Entra.'),
    optional('machineTags', 'Edm.String', 'Tags in Defender, joined by "; ".'),
    optional('missing', 'Edm.Int32', 'KBs missing at its last observation; null for a machine never observed.'),
    optional('oldestMissingAt', 'Edm.DateTimeOffset', 'The start of the snapshot that first saw the oldest of them.'),
    optional('lastObservedSnapshotId', 'Edm.String', 'The last snapshot it answered in.'),
    property(
      'state',
      'Edm.String',
      'How it ended in the snapshot that dealt with it last: observed, silent (observed, and no report for over 30 days), unknown, skipped or removed.',
    ),
  ],
} as const satisfies EntitySet

export const missingKbsSet = {
  name: 'MissingKbs',
  typeName: 'MissingKb',
  description: 'Intervals: stretches in which a machine misses a KB, open and closed.',
  key: ['machineId', 'kbId', 'appearedSnapshotId'],
  properties: [
    machineId,
    kbId,
    property('appearedSnapshotId', 'Edm.String', 'The snapshot that opened it.'),
    property('firstMissingAt', 'Edm.DateTimeOffset', 'The start of the snapshot that opened it.'),
    optional('lastMissingAt', 'Edm.DateTimeOffset', 'The start of the last snapshot that still saw it missing; null while open.'),
    optional('resolvedAt', 'Edm.DateTimeOffset', 'The start of the snapshot that closed it; null while open.'),
    optional('resolvedSnapshotId', 'Edm.String', 'The snapshot that closed it; null while open.'),
    property('isOpen', 'Edm.Boolean', 'Whether the machine still misses the KB.'),
    property(
      'daysMissing',
      'Edm.Int32',
      'Whole days from firstMissingAt to resolvedAt; while open, to the start of the newest ended snapshot.',
    ),
    property(
      'exposedSince',
      'Edm.DateTimeOffset',
      'The start of the snapshot since which the machine lacks what the KB brings: of the first interval that it took over.',
    ),
    exposedAtLeast,
    property('daysExposed', 'Edm.Int32', 'Whole days from exposedSince, to where daysMissing ends.'),
    stillExposed,
    property('reason', 'Edm.String', 'resolvedReason of a closed one, appearedReason of an open one.'),
    property('appearedReason', 'Edm.String', `${inWords(APPEARED_REASONS)}.`),
    optional('resolvedReason', 'Edm.String', `${inWords(RESOLVED_REASONS)}; null while open.`),
    property('appearedObservedAt', 'Edm.DateTimeOffset', 'The instant of the answer that first showed it.'),
    optional('resolvedObservedAt', 'Edm.DateTimeOffset', 'The instant of the answer that no longer showed it.'),
    optional('replacedBy', 'Edm.String', 'Ids of the KBs that superseded it, joined by "; ".'),
    derived,
    optional('contains', 'Edm.String', 'Ids of the KBs that the export lists as well and that this one contains, joined by "; ".'),
  ],
} as const satisfies EntitySet

export const changesSet = {
  name: 'Changes',
  typeName: 'Change',
  description: 'Every opening and closing of an interval. Rows never change once their snapshot has ended.',
  key: ['snapshotId', 'machineId', 'kbId'],
  properties: [
    snapshotId,
    machineId,
    kbId,
    property('at', 'Edm.DateTimeOffset', "The start of the change's snapshot."),
    property('change', 'Edm.String', 'appeared or resolved.'),
    property('reason', 'Edm.String', 'Why: see appearedReason and resolvedReason of MissingKbs.'),
    property('observedAt', 'Edm.DateTimeOffset', 'The instant of the answer that showed it.'),
    property('appearedSnapshotId', 'Edm.String', 'The snapshot that opened the interval.'),
    property('firstMissingAt', 'Edm.DateTimeOffset', 'The start of the snapshot that opened the interval.'),
    optional('lastMissingAt', 'Edm.DateTimeOffset', 'The start of the last snapshot that still saw it missing; null for appeared.'),
    optional('daysMissing', 'Edm.Int32', 'Whole days from firstMissingAt to at; null for appeared.'),
    property('exposedSince', 'Edm.DateTimeOffset', 'The start of the snapshot in which the exposure began that the interval belongs to.'),
    exposedAtLeast,
    optional('daysExposed', 'Edm.Int32', 'Whole days from exposedSince to at; null for appeared.'),
    stillExposed,
    optional('replacedBy', 'Edm.String', 'Ids of the KBs that superseded it, joined by "; ".'),
    derived,
  ],
} as const satisfies EntitySet

/** Every set, in the order of the service document. */
export const entitySets: readonly EntitySet[] = [
  snapshotsSet,
  machinesSet,
  kbsSet,
  missingKbsSet,
  changesSet,
  kbTotalsSet,
  gapsSet,
  trendsSet,
  trendsByGroupSet,
  cohortsSet,
  tenantsSet,
  tenantDaysSet,
]
