import { GAP_KINDS } from '../domain/index.ts'
import { type EntitySet, inWords, machineId, optional, property } from './entity-set.ts'

export const gapsSet = {
  name: 'Gaps',
  typeName: 'Gap',
  description: 'Stretches of snapshots in which a machine was not assessed, each for one cause, since gaps are kept.',
  key: ['machineId', 'fromSnapshotId'],
  properties: [
    machineId,
    property('fromSnapshotId', 'Edm.String', 'The snapshot that opened it.'),
    property('kind', 'Edm.String', `${inWords(GAP_KINDS)}: asked, and no answer; no report for over 30 days; not asked, or not there.`),
    property('code', 'Edm.String', 'The cause.'),
    property('from', 'Edm.DateTimeOffset', 'The start of the snapshot that opened it.'),
    optional('to', 'Edm.DateTimeOffset', 'The start of the snapshot that closed it; null while open.'),
    optional('toSnapshotId', 'Edm.String', 'The snapshot that closed it, for which it does not hold; null while open.'),
    property('isOpen', 'Edm.Boolean', 'Whether the machine is still not assessed for that cause.'),
    property('days', 'Edm.Int32', 'Whole days from from to to; while open, to the start of the newest ended snapshot.'),
    property('atLeast', 'Edm.Boolean', 'Whether it may have begun before: gaps were not kept yet.'),
  ],
} as const satisfies EntitySet
