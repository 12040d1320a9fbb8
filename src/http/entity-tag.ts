import { createHash } from 'node:crypto'

/** A weak tag of all that an answer depends on. https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3 */
export function entityTag(...parts: readonly (string | number | boolean | undefined)[]): string {
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`
}

/** Whether an `If-None-Match` names a tag, or any. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function isNamedBy(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  const strong = (text: string) => text.trim().replace(/^W\//, '')
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((named) => strong(named) === strong(tag))
}
