export const FORMATS = ['json', 'csv', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

export const ROW_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const

/** The format of an answer: what the parameter says, or the best of what `Accept` names; JSON if it names none of them. */
export function chooseFormat(parameter: Format | undefined, accept: string): Format {
  if (parameter !== undefined) return parameter
  const weights = new Map(accept.split(',').map((item) => readItem(item)))
  const weight = (type: string) => weights.get(type) ?? 0
  // JSON is also what */* and application/* take, unless it is named itself: the most specific range decides.
  const json = ['application/json', 'application/*', '*/*'].map((range) => weights.get(range)).find((given) => given !== undefined) ?? 0
  const best = Math.max(json, weight(ROW_TYPES.csv), weight(ROW_TYPES.ndjson))
  if (best <= 0 || json === best) return 'json'
  return weight(ROW_TYPES.csv) === best ? 'csv' : 'ndjson'
}

/** `text/csv;q=0.5` -> [text/csv, 0.5]. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
function readItem(item: string): [type: string, weight: number] {
  const [type = '', ...parameters] = item.split(';').map((part) => part.trim())
  const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1)
  return [type, Number.isNaN(weight) ? 0 : weight]
}
