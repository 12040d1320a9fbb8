// @ts-check

/**
 * Why az did not do what it was asked; `timedOut` is az itself, which gave no answer at all.
 * @typedef {'missing' | 'signedOut' | 'exists' | 'throttled' | 'forbidden' | 'notFound' | 'badRequest' | 'unavailable' | 'timedOut' | 'other'} Reason
 */

/**
 * az passes on the HTTP reason and the body, `ERROR: Forbidden({"error":{"code":"Authorization_RequestDenied",…}})`, but neither
 * the status nor a header. The first that fits counts: what exists already comes as a Bad Request.
 * @type {readonly (readonly [Reason, RegExp])[]}
 */
const SIGNS = [
  ['signedOut', /\baz login\b/],
  ['exists', /already exists on the object/i],
  ['throttled', /Too Many Requests|TooManyRequests|activityLimitReached/i],
  ['forbidden', /\bForbidden\(|Authorization_RequestDenied|AuthorizationFailed|Insufficient privileges/i],
  [
    'notFound',
    /\bNot Found\(|Request_ResourceNotFound|Resource(Group)?NotFound|SubscriptionNotFound|The subscription of .* doesn't exist|Subscription .* not found/i,
  ],
  ['badRequest', /\bBad Request\(|Request_BadRequest/i],
  [
    'unavailable',
    /Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error|Max retries exceeded|Connection (aborted|refused)|timed out/i,
  ],
]

/** @param {string} text what az wrote to stderr @returns {Reason} */
export const reasonOf = (text) => SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'other'

/**
 * The wait that an answer names, in ms. Seldom there: az shows the header only where it logs everything.
 * @param {string} text
 */
export function retryAfterMs(text) {
  const seconds = /retry-after['"]?\s*[:=]\s*['"]?(\d{1,4})/i.exec(text)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

/** Of an answer that is not what was asked for. @param {string} text what az wrote to stdout */
export const unreadable = (text) => `az's answer could not be read: ${text.trim() === '' ? 'it was empty' : shortOf(text)}`

/** The part of az's words that a person needs: its last error, in one line. @param {string} text */
export function shortOf(text) {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  const line = (message ?? text.replace(/^.*?ERROR:\s*/s, ''))
    .replace(/\\[rn]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
