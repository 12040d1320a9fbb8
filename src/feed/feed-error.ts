/** What the feed refuses, by the codes it gives. https://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part1-protocol.html#_Common_Response_Status */
const FEED_ERRORS = {
  BadRequest: 400,
  InvalidFilter: 400,
  InvalidSkipToken: 400,
  UnknownOption: 400,
  RepeatedOption: 400,
  UnsupportedVersion: 400,
  NotFound: 404,
  NotAcceptable: 406,
  Gone: 410,
  Unexpected: 500,
  NotImplemented: 501,
  TooManyRows: 501,
  Misconfigured: 503,
  StorageUnavailable: 503,
} as const satisfies Record<string, number>

export type FeedErrorCode = keyof typeof FEED_ERRORS

/** Ends a request to the feed with an OData error. */
export class FeedError extends Error {
  override readonly name = 'FeedError'
  readonly code: FeedErrorCode

  constructor(code: FeedErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return FEED_ERRORS[this.code]
  }
}

export const badRequest = (message: string) => new FeedError('BadRequest', message)
export const notImplemented = (message: string) => new FeedError('NotImplemented', message)
