import { z } from 'zod'
import {
  type ComparedCount,
  type CountFigures,
  type DisputedMachine,
  type KbFigures,
  type RecentSample,
  type SampleFigures,
  VERDICTS,
} from '../domain/index.ts'
import { type Column, type ColumnsOf, integer, json, optionalInteger, optionalText, text, textList, word } from './columns.ts'
import type { RowFormat } from './read-row.ts'

const count = z.number().int().min(0)
const verdicts = z.object({ equal: count, more: count, less: count, both: count })

export const sampleFigures: z.ZodType<SampleFigures> = z.object({
  due: count,
  n: count,
  moved: count,
  unanswered: count,
  newest: verdicts,
  raw: verdicts,
  askedAt: z.string().nullable(),
  isDone: z.boolean(),
})

export const countFigures: z.ZodType<CountFigures> = z.object({
  compared: count,
  differ: count,
  largest: count,
  unanswered: count,
  comparedAt: z.string().nullable(),
})

const recent: z.ZodType<readonly RecentSample[]> = z.array(z.object({ snapshotId: z.string(), n: count, newest: count, raw: count }))

/** What cannot be read is not there: no check may cost the row that it stands in. */
function expendable<T>(schema: z.ZodType<T>, absent: T, isAbsent: (value: T) => boolean): Column<T> {
  const column = json(schema, absent, isAbsent)
  return { encode: (value) => column.encode(value), decode: (stored) => column.decode(stored) ?? absent }
}

const isNull = (value: unknown) => value === null

/** What a snapshot's sample came to, beside the snapshot. */
export const sampleColumn = expendable<SampleFigures | null>(sampleFigures, null, isNull)
export const countsColumn = expendable<CountFigures | null>(countFigures, null, isNull)
export const recentSamples = expendable<readonly RecentSample[]>(recent, [], (samples) => samples.length === 0)

/** A machine of which a list is not the truth; its id is the key. */
export type DisputedValues = Omit<DisputedMachine, 'machineId'>
const machineColumns: ColumnsOf<DisputedValues> = {
  computerDnsName: optionalText,
  newest: word(VERDICTS),
  raw: word(VERDICTS),
  newestMore: textList,
  newestLess: textList,
  rawMore: textList,
  rawLess: textList,
}
export const disputedFormat: RowFormat<DisputedValues> = { columns: machineColumns }

const kbColumns: ColumnsOf<KbFigures> = {
  kbId: text,
  newestAgreed: integer,
  newestMore: integer,
  newestLess: integer,
  rawAgreed: integer,
  rawMore: integer,
  rawLess: integer,
}
export const kbFiguresFormat: RowFormat<KbFigures> = { columns: kbColumns }

/** Differences may be below 0, where the other columns have their null: it follows from the two counts. */
export type CountValues = Omit<ComparedCount, 'difference'>
const countColumns: ColumnsOf<CountValues> = { product: text, kbId: text, ours: integer, theirs: optionalInteger }
export const countFormat: RowFormat<CountValues> = { columns: countColumns }
