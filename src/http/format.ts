import { readMediaRanges } from '../edge/accept.ts'

export const FORMATS = ['json', 'csv', 'ndjson', 'excel'] as const
export type Format = (typeof FORMATS)[number]

export const ROW_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/** The format of an answer: what the parameter says, or the best of what `Accept` names; JSON if it names none of them. */
export function chooseFormat(parameter: Format | undefined, accept: string): Format {
  if (parameter !== undefined) return parameter
  const weights = new Map(readMediaRanges(accept).map(({ type, weight }) => [type, weight]))
  const weight = (type: string) => weights.get(type) ?? 0
  // JSON is also what */* and application/* take, unless it is named itself: the most specific range decides.
  const json = ['application/json', 'application/*', '*/*'].map((range) => weights.get(range)).find((given) => given !== undefined) ?? 0
  const best = Math.max(json, weight(ROW_TYPES.csv), weight(ROW_TYPES.ndjson))
  if (best <= 0 || json === best) return 'json'
  return weight(ROW_TYPES.csv) === best ? 'csv' : 'ndjson'
}
