import { z } from 'zod'
import { type Gap, GAP_KINDS, isSnapshotId, type OpenGap } from '../domain/index.ts'
import { parseJson } from '../parse-json.ts'
import { type Column, type ColumnsOf, flag, optionalText, text, word } from './columns.ts'
import { gapOfKey, isGapKey } from './keys.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import type { StoredRow } from './stored-row.ts'

const columns: ColumnsOf<Gap> = {
  kind: word(GAP_KINDS),
  code: text,
  fromSnapshotId: text,
  toSnapshotId: optionalText,
  atLeast: flag,
}

/** A gap's row: the snapshot that opened it stands in its key. */
export const gapFormat: RowFormat<Gap> = {
  columns,
  isKey: (rowKey) => isGapKey(rowKey) && isSnapshotId(gapOfKey(rowKey)),
  repair: repairGap,
  contradictory: contradictions,
}

function contradictions({ fromSnapshotId, toSnapshotId }: Partial<Gap>, { rowKey }: StoredRow): (keyof Gap)[] {
  const opened = gapOfKey(rowKey)
  const isNoEnd = typeof toSnapshotId === 'string' && (!isSnapshotId(toSnapshotId) || toSnapshotId < opened)
  const names: (keyof Gap | false)[] = [(fromSnapshotId ?? opened) !== opened && 'fromSnapshotId', isNoEnd && 'toSnapshotId']
  return names.filter((name) => name !== false)
}

/** Where it cannot be read whether a gap ended, it has not: nobody takes the machine for a clean one. */
function repairGap(damaged: ReadonlySet<string>, { rowKey }: StoredRow): Partial<Gap> {
  return forDamaged<Gap>(damaged, { kind: 'unknown', code: '', fromSnapshotId: gapOfKey(rowKey), toSnapshotId: null, atLeast: true })
}

const cachedGap: z.ZodType<OpenGap> = z.object({
  kind: z.enum(GAP_KINDS),
  code: z.string(),
  fromSnapshotId: z.string().refine(isSnapshotId),
  atLeast: z.boolean(),
})

/** The gap that a machine is in, beside the machine; what is not there is none, what cannot be read is damaged. */
export const openGap: Column<OpenGap | null | 'unread'> = {
  encode: (gap) => (gap === null || gap === 'unread' ? '' : JSON.stringify(gap)),
  decode: (stored) => {
    if (stored === undefined || stored === '') return null
    const parsed = typeof stored === 'string' ? cachedGap.safeParse(parseJson(stored)) : undefined
    return parsed?.success === true ? parsed.data : undefined
  },
}
