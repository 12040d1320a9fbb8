import { quote } from '../http/problem.ts'
import { badRequest, FeedError } from './feed-error.ts'

export const METADATA_LEVELS = ['minimal', 'full', 'none'] as const
export type MetadataLevel = (typeof METADATA_LEVELS)[number]

/** The JSON that an answer is in. */
export interface JsonFormat {
  metadata: MetadataLevel
  /** The caller reads large numbers from texts; the feed has none, and says so all the same. */
  ieee754Compatible: boolean
}

interface MediaRange {
  type: string
  parameters: ReadonlyMap<string, string>
  weight: number
}

/** The content type of an answer in JSON. https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Requesting_the_JSON */
export function contentTypeOf({ metadata, ieee754Compatible }: JsonFormat): string {
  return `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${ieee754Compatible};charset=utf-8`
}

/**
 * The JSON to answer in, by `$format` or else by `Accept`: the acceptable range with the largest weight, whatever else the caller would
 * take as well. Power Query prefers JSON and lists Atom behind it. Throws a 406 where nothing acceptable is JSON.
 */
export function chooseJson(format: string | undefined, accept: string | null): JsonFormat {
  if (format !== undefined) return jsonOfFormat(format)
  const ranges = readMediaRanges(accept ?? '*/*')
  const best = ranges.map((range) => ({ range, json: jsonOf(range) })).filter(({ range, json }) => json && range.weight > 0).sort((a, b) => b.range.weight - a.range.weight)[0]
  if (best?.json) return best.json
  throw new FeedError('NotAcceptable', `The feed answers in application/json only; Accept was ${quote(accept ?? '')}.`)
}

/** `$format=json` and the like, for all but the metadata document. */
function jsonOfFormat(format: string): JsonFormat {
  const [range] = readMediaRanges(format === 'json' ? 'application/json' : format)
  const json = range && jsonOf(range)
  if (json) return json
  throw new FeedError('NotAcceptable', `The feed answers in application/json only; $format was ${quote(format)}.`)
}

/** Whether `$format`, if there is one, takes the metadata document, which is XML for every caller. */
export function requireXml(format: string | undefined): void {
  if (format === undefined || format === 'xml' || format.split(';')[0]?.trim() === 'application/xml') return
  throw new FeedError('NotAcceptable', `$metadata is application/xml only; $format was ${quote(format)}.`)
}

/** The JSON that fits a range, if any does. JSON with the parameter `odata` is that of version 3. */
function jsonOf({ type, parameters }: MediaRange): JsonFormat | undefined {
  if (type === '*/*' || type === 'application/*') return { metadata: 'minimal', ieee754Compatible: false }
  const level = parameters.get('odata.metadata') ?? parameters.get('metadata') ?? 'minimal'
  const metadata = METADATA_LEVELS.find((known) => known === level)
  const charset = parameters.get('charset') ?? 'utf-8'
  if (type !== 'application/json' || parameters.has('odata') || !metadata || !['utf-8', 'utf8'].includes(charset)) return undefined
  return { metadata, ieee754Compatible: parameters.get('ieee754compatible') === 'true' }
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
function readMediaRanges(accept: string): MediaRange[] {
  return accept.toLowerCase().split(',').map((item) => {
    const [type = '', ...rest] = item.split(';').map((part) => part.trim())
    const parameters = new Map(rest.map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=')
      return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')]
    }))
    const weight = Number(parameters.get('q') ?? 1)
    return { type, parameters, weight: Number.isNaN(weight) ? 0 : weight }
  })
}

/** Refuses callers that do not read version 4. Power Query says `OData-MaxVersion: 4.0`; its `MaxDataServiceVersion` is about older feeds. */
export function requireVersion4(maxVersion: string | null): void {
  if (maxVersion === null) return
  const version = /^\d+\.\d+$/.test(maxVersion.trim()) ? Number(maxVersion) : undefined
  if (version === undefined) throw badRequest(`OData-MaxVersion must be a version such as 4.0; got ${quote(maxVersion)}.`)
  if (version < 4) throw new FeedError('UnsupportedVersion', `The feed is OData 4.0; OData-MaxVersion was ${quote(maxVersion)}.`)
}
