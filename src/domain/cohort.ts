import type { Kb } from './kb.ts'
import { patchMonthAt } from './patch-tuesday.ts'
import { FIRST_SNAPSHOT_ID, isSnapshotId, snapshotStartMs } from './snapshot-id.ts'

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const

/** Defender's name of what a Patch Tuesday brings: `May 2026 Security Updates`. */
const BULLETIN = new RegExp(`^(${MONTHS.join('|')}) (20\\d\\d) security updates?$`, 'i')

/**
 * The cohort of a KB, named by its month, `202605`: the one in its name, else that of the Patch Tuesday before it was first seen. Decided
 * when it is first seen, and kept.
 */
export function cohortOf({ kbName, firstSeenSnapshotId }: Pick<Kb, 'kbName' | 'firstSeenSnapshotId'>): string {
  // What is no snapshot, somebody else wrote: it was seen at some time.
  const seenId = isSnapshotId(firstSeenSnapshotId) ? firstSeenSnapshotId : FIRST_SNAPSHOT_ID
  return bulletinMonthOf(kbName) ?? patchMonthAt(snapshotStartMs(seenId))
}

/** The month that a bulletin's name names, `202605`; undefined where it names none. */
export function bulletinMonthOf(kbName: string | null): string | undefined {
  const [, month = '', year = ''] = BULLETIN.exec(kbName?.trim() ?? '') ?? []
  if (month === '') return undefined
  return `${year}${String(MONTHS.findIndex((name) => name === month.toLowerCase()) + 1).padStart(2, '0')}`
}

/** Whether a text is the month of a cohort. */
export const isCohort = (text: string): boolean => /^\d{4}(0[1-9]|1[0-2])$/.test(text)
