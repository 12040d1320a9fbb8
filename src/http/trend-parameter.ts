import { isCohort } from '../domain/index.ts'
import { parseEarlierMoment } from '../history/moment.ts'
import { type Beginning, STANDARD_BEGINNING } from '../history/trends/stretch.ts'
import type { TextReader } from '../read-text.ts'
import { momentParameter, nameParameter, parameter } from './parameter.ts'

const BEGINNINGS = "a snapshot id, a date (2026-06-12), an instant with its offset, 'latest', or how long before to (-90d, -12w)"

/** Where a trend begins: earlier than all history is no mistake. */
const trendFrom: TextReader<Beginning> = {
  expected: BEGINNINGS,
  read: (text) => {
    const moment = parseEarlierMoment(text)
    return moment?.kind === 'previous' ? undefined : moment
  },
}

/** What is shown where nothing is said. */
const TREND_DAYS = STANDARD_BEGINNING.text

/** The ends of a trend. */
export const trendRangeParameters = {
  from: parameter(trendFrom, {
    description: 'The first snapshot or day; a date is its beginning.',
    default: TREND_DAYS,
    examples: [TREND_DAYS, '-52w', '2026-01-01', '20260612T020000Z'],
  }).optional(),
  to: momentParameter('The last snapshot; the latest if left out.', 'latest').optional(),
}

const monthReader: TextReader<string> = {
  expected: 'a month, e.g. 202605',
  read: (text) => {
    const month = text.replace(/^(\d{4})-/, '$1')
    return isCohort(month) ? month : undefined
  },
}

export const monthParameter = (description: string) => parameter(monthReader, { description, examples: ['202605'] })
export const monthPathParameter = monthParameter('The month of a Patch Tuesday.')

/** A group whose trend is asked for. */
export const groupOfTrendParameter = nameParameter('The figures of this group; empty for those of machines without one.').transform(
  (name) => (name === '' ? null : name),
)
