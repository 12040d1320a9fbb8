import { byText, isMachineId, type Machine, MACHINE_STATES, SOURCE_KINDS } from '../domain/index.ts'
import { openGap } from './gap-format.ts'
import { type Column, type ColumnsOf, flag, integer, optionalText, optionalWord, textList, word } from './columns.ts'
import { missingSince } from './missing-since.ts'
import { absentValues, forDamaged, type RowFormat } from './read-row.ts'

/** A string property holds 32K characters. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const CACHE_CHARACTERS = 30_000

/** Stands for a list of KB ids that is too long to be kept beside its machine. */
const UNCACHED = '*'

/** KB ids, sorted and space-separated: `5094127 5095051`. null, and ids that are too many, empty or hold a space, as `UNCACHED`. */
export const cachedIds: Column<readonly string[] | null> = {
  encode: (ids) => {
    const packed = ids === null ? UNCACHED : [...ids].sort(byText).join(' ')
    return packed.length > CACHE_CHARACTERS || ids?.some((id) => id === '' || id.includes(' ') || id === UNCACHED) ? UNCACHED : packed
  },
  decode: (stored) => {
    if (stored === undefined || stored === '') return []
    if (typeof stored !== 'string') return undefined
    return stored === UNCACHED ? null : stored.split(' ')
  },
}

export type MachineValues = Omit<Machine, 'machineId'>
export type MachineColumn = keyof MachineValues

const columns: ColumnsOf<MachineValues> = {
  computerDnsName: optionalText,
  osPlatform: optionalText,
  version: optionalText,
  osBuild: optionalText,
  rbacGroupId: optionalText,
  rbacGroupName: optionalText,
  healthStatus: optionalText,
  onboardingStatus: optionalText,
  lastSeen: optionalText,
  firstSeen: optionalText,
  aadDeviceId: optionalText,
  machineTags: textList,
  lastListedSnapshotId: optionalText,
  wanted: flag,
  baseline: flag,
  filteredOut: flag,
  settledSnapshotId: optionalText,
  state: optionalWord(MACHINE_STATES),
  code: optionalText,
  detail: optionalText,
  status: integer,
  attempts: integer,
  retryInSnapshotId: optionalText,
  notOnboardedSnapshotId: optionalText,
  changedSnapshotId: optionalText,
  namedAs: optionalText,
  firstListedSnapshotId: optionalText,
  gap: openGap,
  lastObservedSnapshotId: optionalText,
  observedAt: optionalText,
  observedLastSeen: optionalText,
  observedSource: word(SOURCE_KINDS, 'perMachine'),
  osVersion: optionalText,
  observedOsPlatform: optionalText,
  observedVersion: optionalText,
  missingKbIds: cachedIds,
  containedKbIds: cachedIds,
  missingSince,
  missing: integer,
  oldestMissingAt: optionalText,
}

/** A machine of which nothing is known: it is asked for, and what it misses is read from its intervals. */
const UNKNOWN: Partial<MachineValues> = {
  ...absentValues(columns),
  wanted: true,
  missingKbIds: null,
  missingSince: null,
  gap: 'unread',
  // Not 0: an empty answer is asked for twice, and nobody takes the machine for a clean one.
  missing: 1,
}

/**
 * A machine's row. A damaged one is dealt with as if the machine was new: listed, asked and settled, which writes every property again. Its
 * intervals are what they are, so that nothing is opened twice, and nothing closed without an answer.
 */
export const machineFormat: RowFormat<MachineValues> = {
  columns,
  // Whatever wrote capitals once, it was a machine.
  isKey: (rowKey) => isMachineId(rowKey.toLowerCase()),
  repair: (damaged) => ({ ...forDamaged(damaged, UNKNOWN), ...(damaged.has('missing') && { missingKbIds: null, missingSince: null }) }),
  contradictory: ({ missing, missingKbIds }) => (isCountOf(missing, missingKbIds) ? [] : ['missing']),
}

/** Whether a count is that of the ids, as far as both are known: ids are only left out where they are many. */
function isCountOf(missing: number | undefined, ids: readonly string[] | null | undefined): boolean {
  if (missing === undefined || ids === undefined) return true
  return ids === null ? missing > 0 : missing === ids.length
}
