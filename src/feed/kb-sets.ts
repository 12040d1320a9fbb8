import { KB_ATTRIBUTES } from '../domain/index.ts'
import { attributeProperties, type EntitySet, kbId, property, snapshotId } from './entity-set.ts'

export const kbsSet = {
  name: 'Kbs',
  typeName: 'Kb',
  description: 'All KBs that a machine was ever seen missing.',
  key: ['kbId'],
  properties: [
    kbId,
    ...attributeProperties(KB_ATTRIBUTES),
    property('machinesMissing', 'Edm.Int32', 'Machines that missed it at the end of the last ended snapshot.'),
    property('firstSeenAt', 'Edm.DateTimeOffset', 'The start of the first snapshot in which a machine missed it.'),
    property('lastSeenAt', 'Edm.DateTimeOffset', 'The start of the last snapshot in which a machine missed it.'),
  ],
} as const satisfies EntitySet

export const kbTotalsSet = {
  name: 'KbTotals',
  typeName: 'KbTotal',
  description: 'Per ended snapshot and KB: machines that missed it at its end, and how many intervals opened and closed in it.',
  key: ['snapshotId', 'kbId'],
  properties: [
    snapshotId,
    kbId,
    property('at', 'Edm.DateTimeOffset', 'The start of the snapshot.'),
    property('machinesMissing', 'Edm.Int32', 'Machines missing it at the end of the snapshot.'),
    property('appeared', 'Edm.Int32', 'Machines on which it appeared in the snapshot.'),
    property('resolved', 'Edm.Int32', 'Machines on which it was resolved in the snapshot.'),
  ],
} as const satisfies EntitySet
