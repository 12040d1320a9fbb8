import { shorten } from '../../edge/quote.ts'
import { type FeedError, notImplemented } from '../feed-error.ts'

/** Operators of the language that the feed does not have. */
export const UNSUPPORTED_OPERATORS: readonly string[] = ['divby', 'has']

/** Functions of the language that the feed does not have. https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part2-url-conventions.html#_Canonical_Functions */
export const UNSUPPORTED_FUNCTIONS: readonly string[] = [
  'substringof',
  'totalseconds',
  'isof',
  'cast',
  'any',
  'all',
  'case',
  'matchesPattern',
  'hassubset',
  'hassubsequence',
]

/** Other values of the language that the feed does not have, by what they are called. Each pattern matches what the supported ones left. */
export const UNSUPPORTED_VALUES = [
  { called: 'literal', pattern: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w:.-])/iy },
  { called: 'literal', pattern: /(?:duration|binary|geography|geometry|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)'(?:[^']|'')*'/y },
  { called: 'name', pattern: /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?![\w:.'/@])/y },
  {
    called: 'path',
    pattern: /(?:\$(?:it|root|this)|@?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\/[$@]?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)+(?![\w:.'/@])/y,
  },
  { called: 'variable', pattern: /(?:\$(?:it|root|this)|@[A-Za-z_]\w*)(?![\w:.'/@])/y },
] as const

export type UnsupportedValue = (typeof UNSUPPORTED_VALUES)[number]['called']

/** `unsupported('function', 'cast')` and the like: 501 for what is OData all the same. */
export function unsupported(called: UnsupportedValue | 'function' | 'operator', text: string): FeedError {
  return notImplemented(`The ${called} ${shorten(text)} is not supported in $filter.`)
}
