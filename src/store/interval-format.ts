import {
  APPEARED_REASONS,
  type Interval,
  isSnapshotId,
  KB_ATTRIBUTES,
  RESOLVED_REASONS,
  snapshotStartAt,
  UNDESCRIBED_KB,
  UNRESOLVED,
} from '../domain/index.ts'
import { attributeColumns, type ColumnsOf, flag, optionalFlag, optionalText, optionalWord, text, textList, word } from './columns.ts'
import { isKeyPart, isOfKey, keyPartToId } from './keys.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import type { StoredRow } from './stored-row.ts'

const columns: ColumnsOf<Interval> = {
  kbId: text,
  ...attributeColumns(KB_ATTRIBUTES),
  appearedSnapshotId: text,
  appearedReason: word(APPEARED_REASONS),
  appearedObservedAt: text,
  resolvedSnapshotId: optionalText,
  resolvedReason: optionalWord(RESOLVED_REASONS),
  resolvedObservedAt: optionalText,
  lastMissingSnapshotId: optionalText,
  replacedBy: textList,
  derived: flag,
  contains: textList,
  exposedSince: optionalText,
  exposedAtLeast: flag,
  exposedWith: textList,
  stillExposed: optionalFlag,
}

/** An interval's row: the KB and the snapshot that opened it stand in its key. */
export const intervalFormat: RowFormat<Interval> = {
  columns,
  isKey(rowKey) {
    const { kb, appearedSnapshotId } = partsOf(rowKey)
    return isKeyPart(kb) && isSnapshotId(appearedSnapshotId)
  },
  repair: repairInterval,
  contradictory: contradictions,
}

function partsOf(rowKey: string): { kb: string; appearedSnapshotId: string } {
  const separator = rowKey.lastIndexOf('|')
  return { kb: rowKey.slice(0, Math.max(0, separator)), appearedSnapshotId: rowKey.slice(separator + 1) }
}

/** What is in the key is what it says. An end without a snapshot, or without a reason, is none that was ever written. */
function contradictions(interval: Partial<Interval>, { rowKey }: StoredRow): (keyof Interval)[] {
  const { kb, appearedSnapshotId } = partsOf(rowKey)
  const { resolvedSnapshotId, resolvedReason } = interval
  const isNoEnd = typeof resolvedSnapshotId === 'string' && (!isSnapshotId(resolvedSnapshotId) || resolvedReason === null)
  const names: (keyof Interval | false)[] = [
    !isOfKey(interval.kbId, kb) && 'kbId',
    (interval.appearedSnapshotId ?? appearedSnapshotId) !== appearedSnapshotId && 'appearedSnapshotId',
    isNoEnd && 'resolvedSnapshotId',
  ]
  return names.filter((name) => name !== false)
}

/**
 * Where it cannot be read whether an interval ended, it has not: only an answer may close it. Of reasons that cannot be read those stand
 * that claim least: nothing is known before it, and nothing was installed.
 */
function repairInterval(damaged: ReadonlySet<string>, stored: StoredRow): Partial<Interval> {
  const { rowKey, resolvedSnapshotId } = stored
  const { kb, appearedSnapshotId } = partsOf(rowKey)
  if (damaged.has('resolvedSnapshotId')) return { ...repairInterval(without(damaged, 'resolvedSnapshotId'), stored), ...UNRESOLVED }
  return forDamaged<Interval>(damaged, {
    ...UNDESCRIBED_KB,
    ...UNRESOLVED,
    kbId: keyPartToId(kb),
    appearedSnapshotId,
    appearedReason: 'machineAdded',
    appearedObservedAt: snapshotStartAt(appearedSnapshotId),
    resolvedReason: resolvedSnapshotId ? 'reassessed' : null,
    // As in a row of an older version: derived from the others.
    derived: false,
    contains: [],
    exposedSince: null,
    exposedAtLeast: true,
    exposedWith: [],
  })
}

const without = (names: ReadonlySet<string>, name: string) => new Set([...names].filter((each) => each !== name))
