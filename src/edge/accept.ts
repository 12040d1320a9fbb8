import Negotiator from 'negotiator'
import parseAccept from 'negotiator/lib/accept.js'

/** A media range that a caller names in `Accept`, in lower case. */
export interface MediaRange {
  /** `text/csv`, or with wildcards `text/*`. */
  type: string
  /** All but the weight. */
  parameters: ReadonlyMap<string, string>
  /** 0 for a range that is refused. */
  weight: number
}

/**
 * Reads `Accept`: `text/csv;header=present;q=0.5, text/plain`. The library's own choice knows neither the parameters of OData nor that wildcards
 * and ties mean JSON here, and it does not give out the weights that it read; so they are read by the same parser, and weighed where they matter.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function readMediaRanges(accept: string): MediaRange[] {
  return parseAccept(accept.toLowerCase()).map(({ type, parameters: { q, ...parameters } }) => {
    const weight = Number(q ?? 1)
    return { type, parameters: new Map(Object.entries(parameters)), weight: Number.isNaN(weight) ? 0 : weight }
  })
}

/** Whether `Accept-Encoding` takes gzip; no header takes nothing. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  return new Negotiator({ headers: { 'accept-encoding': acceptEncoding ?? '' } }).encodings(['gzip']).length > 0
}
