import { type EntitySet, optional, property } from './entity-set.ts'

const tenantId = property('tenantId', 'Edm.String', 'The Microsoft Entra tenant.')

export const tenantsSet = {
  name: 'Tenants',
  typeName: 'Tenant',
  description: 'The tenants that the app reads, or did, and how they stand. Needs no tenantId.',
  key: ['tenantId'],
  properties: [
    tenantId,
    property('name', 'Edm.String', 'What people call it.'),
    property('enabled', 'Edm.Boolean', 'Whether it is read.'),
    property('status', 'Edm.String', 'ok, starting, stale, blocked or disabled.'),
    optional('detail', 'Edm.String', 'What is the matter, and what to do about it.'),
    property('source', 'Edm.String', 'How it is learned what its machines miss: perMachine or export.'),
    property('schedule', 'Edm.String', 'When snapshots start: NCRONTAB, in UTC.'),
    optional('nextStartAt', 'Edm.DateTimeOffset', 'When the next one does; null if none will.'),
    optional('lastSnapshotId', 'Edm.String', 'The newest ended snapshot; null before there is one.'),
    optional('lastSnapshotAt', 'Edm.DateTimeOffset', 'Its start.'),
    optional('lastSnapshotStatus', 'Edm.String', 'completed, incomplete or failed.'),
    optional('coverage', 'Edm.Double', 'Of that snapshot, machines observed of those to be asked, 0 to 1.'),
    optional(
      'assessed',
      'Edm.Double',
      'Machines observed that reported in the last 30 days, of those to be asked; null where not counted.',
    ),
    optional('missingPairs', 'Edm.Int32', 'Pairs of machine and KB missing at the end of the newest snapshot that did not fail.'),
    optional('missingMachines', 'Edm.Int32', 'Machines that miss a KB.'),
    optional('stillExposedOver30Days', 'Edm.Int32', 'Pairs exposed for more than 30 days.'),
  ],
} as const satisfies EntitySet

export const tenantDaysSet = {
  name: 'TenantDays',
  typeName: 'TenantDay',
  description: 'What each tenant stood at by the end of a UTC day, and what came to pass in its snapshots of that day. Needs no tenantId.',
  key: ['tenantId', 'day'],
  properties: [
    tenantId,
    property('day', 'Edm.String', 'The UTC day as YYYYMMDD.'),
    property('at', 'Edm.DateTimeOffset', 'The start of the last snapshot of the day that did not fail, or of the last.'),
    property('status', 'Edm.String', 'How that ended: completed, incomplete or failed. What a tenant stood at is null where it failed.'),
    property('coverage', 'Edm.Double', 'Machines observed of those to be asked, 0 to 1.'),
    optional(
      'assessed',
      'Edm.Double',
      'Machines observed that reported in the last 30 days, of those to be asked; null where not counted.',
    ),
    optional('pairs', 'Edm.Int32', 'Pairs of machine and KB missing.'),
    optional('pairs0To7', 'Edm.Int32', 'Those exposed for 0 to 7 days.'),
    optional('pairs8To30', 'Edm.Int32', 'Those exposed for 8 to 30 days.'),
    optional('pairs31To60', 'Edm.Int32', 'Those exposed for 31 to 60 days.'),
    optional('pairs61To90', 'Edm.Int32', 'Those exposed for 61 to 90 days.'),
    optional('pairsOver90', 'Edm.Int32', 'Those exposed for more than 90 days.'),
    property('installed', 'Edm.Int32', 'Intervals that closed as installed. Superseded is not.'),
    property('stillExposed', 'Edm.Int32', 'Intervals that closed as superseded on a machine that stays exposed.'),
  ],
} as const satisfies EntitySet
