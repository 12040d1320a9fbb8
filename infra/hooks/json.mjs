// @ts-check

/**
 * What az answered, as a value; undefined where it is not JSON.
 * @param {string} text
 * @returns {unknown}
 */
export function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A member of an object; undefined of anything else. @param {unknown} value @param {string} name @returns {unknown} */
export function member(value, name) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value)[name] : undefined
}

/** A text member; empty where it is none. @param {unknown} value @param {string} name */
export function text(value, name) {
  const found = member(value, name)
  return typeof found === 'string' ? found : ''
}

/** A list; empty where it is none. @param {unknown} value @returns {unknown[]} */
export const list = (value) => (Array.isArray(value) ? value : [])

/** A list that has to be there: undefined where it is none, so that no answer is not taken for an empty one. @param {unknown} value @returns {unknown[] | undefined} */
export const listOrNone = (value) => (Array.isArray(value) ? value : undefined)

/** The texts of a list. @param {unknown} value @returns {string[]} */
export const texts = (value) => list(value).filter((item) => typeof item === 'string')
