import { readMediaRanges } from '../edge/accept.ts'

export const FORMATS = ['json', 'csv', 'ndjson', 'excel'] as const
export type Format = (typeof FORMATS)[number]

export const ROW_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/**
 * The format of an answer: what the parameter says, or the best of what `Accept` names. Where it names none of them, it is passed over and the
 * answer is JSON, as HTTP leaves open: monitors and scripts send whatever their library does, and an answer that says its type does no harm.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function chooseFormat(parameter: Format | undefined, accept: string): Format {
  if (parameter !== undefined) return parameter
  const weights = new Map(readMediaRanges(accept).map(({ type, weight }) => [type, weight]))
  // The most specific range decides. */* and application/* mean JSON, of the texts there is CSV only.
  const weight = (...ranges: string[]) => ranges.map((range) => weights.get(range)).find((given) => given !== undefined) ?? 0
  const json = weight('application/json', 'application/*', '*/*')
  const csv = weight(ROW_TYPES.csv, 'text/*')
  const ndjson = weight(ROW_TYPES.ndjson)
  const best = Math.max(json, csv, ndjson)
  if (best <= 0 || json === best) return 'json'
  return csv === best ? 'csv' : 'ndjson'
}
