/** The longest message that is kept: the storage SDK quotes a whole page of rows where it cannot read one. */
const LONGEST_MESSAGE = 1_000

/**
 * A foreign text for a log, without what would open the storage or Defender: the query of any address, which may be a shared access
 * signature, and anything that looks like a key, a signature or a token.
 *
 *     GET https://a.table.core.windows.net/machines()?sv=2020&sig=abc%3D failed  ->  GET https://a.table.core.windows.net/machines()?[query] failed
 */
export function redactText(text: string): string {
  return text
    .replace(/((?:https?:\/\/|\/)[^\s?"'<>]*)\?[^\s"'<>]*=[^\s"'<>]*/gi, '$1?[query]')
    .replace(
      /\b((?:sig|se|sv|skoid|accountkey|sharedaccesssignature|client_secret|x-identity-header)(?:=|%3d|:\s*))[^\s&"',;<>]+/gi,
      '$1[secret]',
    )
    .replace(/(signature found in the HTTP request )'[^']*'/gi, '$1[secret]')
    .replace(/\b(SharedKey(?:Lite)?\s+[^\s:]+:|Bearer\s+)\S+/gi, '$1[secret]')
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[token]')
}

/** The same error, with nothing in its message, stack and causes that a log may not hold. */
export function redactError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactText(error) : error
  const message = textForLog(error.message)
  const stack = error.stack && redactText(error.stack.replace(error.message, () => message))
  // They are the error's own properties, and some are read-only by type alone.
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true })
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
  if (error.cause !== undefined) error.cause = redactError(error.cause)
  return error
}

/** Name, message and cause of an error, on one line, fit for a log. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return textForLog(String(error))
  const cause = error.cause === undefined ? '' : `; cause: ${describeError(error.cause)}`
  return `${error.name}: ${textForLog(error.message.split('\n')[0] ?? '')}${cause}`
}

/** A foreign text as a log may hold it: redacted, and no longer than anybody reads. */
export function textForLog(text: string): string {
  const redacted = redactText(text)
  return redacted.length <= LONGEST_MESSAGE ? redacted : `${redacted.slice(0, LONGEST_MESSAGE - 1)}…`
}
