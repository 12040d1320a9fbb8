/** The lines about answering, of the table of log events. */
export const ANSWER_LOG_EVENTS = {
  'request.failed': {
    level: 'error',
    fields: { route: 'text', error: 'text', message: 'text', stack: 'text?' },
    says: 'an answer of the API that failed: the caller got a 500 or a 503',
  },
  'request.broken': {
    level: 'error',
    fields: { route: 'text', error: 'text', message: 'text', stack: 'text?' },
    says: 'an answer of the API that failed in its middle: the caller has a part of it, and can tell',
  },
  'health.failed': {
    level: 'error',
    fields: { message: 'text' },
    says: '`/api/health` could not read the tables, or not in time',
  },
} as const
