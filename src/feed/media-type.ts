import { type MediaRange, readMediaRanges } from '../edge/accept.ts'
import { quote } from '../edge/quote.ts'
import { badRequest, FeedError } from './feed-error.ts'

const METADATA_LEVELS = ['minimal', 'full', 'none'] as const
export type MetadataLevel = (typeof METADATA_LEVELS)[number]

/** The JSON that an answer is in. */
export interface JsonFormat {
  metadata: MetadataLevel
  /** The caller reads large numbers from texts; the feed has none, and says so all the same. */
  ieee754Compatible: boolean
}

const JSON_TYPE = 'application/json'

/** The content type of an answer in JSON. https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Requesting_the_JSON */
export function contentTypeOf({ metadata, ieee754Compatible }: JsonFormat): string {
  return `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${ieee754Compatible};charset=utf-8`
}

/**
 * The JSON to answer in, by `$format` or else by `Accept`: of those that the caller names the one with the largest weight, whatever else
 * it would take as well. Power Query prefers JSON and lists Atom behind it. Throws a 406 where no JSON is acceptable.
 */
export function chooseJson(format: string | undefined, accept: string | null): JsonFormat {
  if (format !== undefined) return jsonOfFormat(format)
  const ranges = readMediaRanges(accept ?? '*/*')
  const offers = ranges
    .map(jsonOf)
    .filter((json) => json !== undefined)
    .map((json) => ({ json, weight: weightOf(json, ranges) }))
  const best = offers.sort((a, b) => b.weight - a.weight)[0]
  if (best && best.weight > 0) return best.json
  throw new FeedError('NotAcceptable', `The feed answers in application/json only; Accept was ${quote(accept ?? '')}.`)
}

/** The most specific range that takes a JSON decides: `application/json;q=0` refuses it, though a wildcard beside it takes all. */
function weightOf(json: JsonFormat, ranges: readonly MediaRange[]): number {
  const deciding = ranges.filter((range) => takes(range, json)).sort((a, b) => specificityOf(b) - specificityOf(a))[0]
  return deciding?.weight ?? 0
}

function takes(range: MediaRange, { metadata, ieee754Compatible }: JsonFormat): boolean {
  const named = jsonOf(range)
  if (!named || range.type !== JSON_TYPE) return named !== undefined
  const isAnyIeee754 = !range.parameters.has('ieee754compatible')
  return (!levelIn(range) || named.metadata === metadata) && (isAnyIeee754 || named.ieee754Compatible === ieee754Compatible)
}

function specificityOf({ type, parameters }: MediaRange): number {
  if (type !== JSON_TYPE) return type === '*/*' ? 0 : 1
  return 2 + parameters.size
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
  const level = levelIn({ parameters }) ?? 'minimal'
  const metadata = METADATA_LEVELS.find((known) => known === level)
  const charset = parameters.get('charset') ?? 'utf-8'
  if (type !== JSON_TYPE || parameters.has('odata') || !metadata || !['utf-8', 'utf8'].includes(charset)) return undefined
  return { metadata, ieee754Compatible: parameters.get('ieee754compatible') === 'true' }
}

const levelIn = ({ parameters }: Pick<MediaRange, 'parameters'>) => parameters.get('odata.metadata') ?? parameters.get('metadata')

/**
 * Refuses callers that do not read version 4. Power Query says `OData-MaxVersion: 4.0`; its `MaxDataServiceVersion` is about older feeds.
 * Microsoft's own client adds its name, `4.0;NetFx`. A header that a proxy sent on twice comes as a list, of which the lowest counts.
 */
export function requireVersion4(maxVersion: string | null): void {
  if (maxVersion === null) return
  const versions = maxVersion.split(',').map((text) => Number(/^\s*(\d+(?:\.\d+)?)\s*(;.*)?$/.exec(text)?.[1]))
  const lowest = Math.min(...versions)
  if (Number.isNaN(lowest)) throw badRequest(`OData-MaxVersion must be a version such as 4.0; got ${quote(maxVersion)}.`)
  if (lowest < 4) throw new FeedError('UnsupportedVersion', `The feed is OData 4.0; OData-MaxVersion was ${quote(maxVersion)}.`)
}
