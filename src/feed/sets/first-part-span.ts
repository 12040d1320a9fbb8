import { keyAfter, type KeySpan, LAST_KEY } from '../../store/index.ts'
import { type PossibleValues, rangeOf } from '../filter/possible-values.ts'

/** The rows of one partition whose keys begin with any of the possible values; undefined where there are none. */
export function spanOfFirstPart(possible: PossibleValues): KeySpan | undefined {
  const range = rangeOf(possible)
  if (!range) return undefined
  const to = range.to === undefined ? LAST_KEY : keyAfter(range.to + LAST_KEY)
  return { from: { partition: '', row: range.from ?? '' }, to: { partition: '', row: to } }
}
