import { readMediaRanges } from '../edge/accept.ts'

export const FORMATS = ['json', 'csv', 'ndjson', 'excel'] as const
export type Format = (typeof FORMATS)[number]

export const ROW_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/**
 * The format of an answer: what the parameter says, or the best of what `Accept` takes. Where it takes none of them, it is passed over and the
 * answer is JSON, as HTTP leaves open: monitors and scripts send whatever their library does, and an answer that says its type does no harm.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function chooseFormat(parameter: Format | undefined, accept: string): Format {
  if (parameter !== undefined) return parameter
  const weights = new Map(readMediaRanges(accept).map(({ type, weight }) => [type, weight]))
  const offers = OFFERS.map(([format, type]) => ({ format, weight: weightOf(type, weights) }))
  return offers.reduce((best, offer) => (offer.weight > best.weight ? offer : best)).format
}

/** What `Accept` chooses from; of those that it weighs alike the first. */
const OFFERS = [
  ['json', 'application/json'],
  ['csv', ROW_TYPES.csv],
  ['ndjson', ROW_TYPES.ndjson],
] as const

/** The most specific range that takes a type decides. */
function weightOf(type: string, weights: ReadonlyMap<string, number>): number {
  const ranges = [type, type.replace(/\/.*/, '/*'), '*/*']
  return ranges.map((range) => weights.get(range)).find((weight) => weight !== undefined) ?? 0
}
