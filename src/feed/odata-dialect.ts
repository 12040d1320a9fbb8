import type { Dialect } from '../edge/dialect.ts'
import type { RefusalKind } from '../edge/refusal.ts'
import { FeedError, type FeedErrorCode } from './feed-error.ts'
import { contentTypeOf } from './media-type.ts'

/** The codes of what is refused in every dialect. */
const CODES = {
  invalidParameter: 'BadRequest',
  unknownTenant: 'NotFound',
  misconfigured: 'Misconfigured',
  historyGone: 'Gone',
  storageUnavailable: 'StorageUnavailable',
  unexpected: 'Unexpected',
} as const satisfies Record<RefusalKind, FeedErrorCode>

/** Refusals as OData errors. https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Error_Response */
export const odataDialect: Dialect<FeedError> = {
  // Callers tell the version of the feed by it.
  headers: { 'odata-version': '4.0' },
  varies: ['prefer', 'odata-maxversion'],
  isOwn: (error) => error instanceof FeedError,
  translate: ({ kind, message }) => new FeedError(CODES[kind], message),
  answer: ({ status, code, message }) => ({
    status,
    contentType: contentTypeOf({ metadata: 'minimal', ieee754Compatible: false }),
    text: JSON.stringify({ error: { code, message } }),
  }),
}
