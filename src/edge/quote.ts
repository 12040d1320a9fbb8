/** Characters of a caller's value that a message repeats. */
const QUOTED_CHARACTERS = 80

/** A caller's value for a message: as JSON, so that control characters show, and cut. */
export const quote = (value: string): string => withLength(value, JSON.stringify)

/** A caller's word for a message, as it is, and cut. */
export const shorten = (word: string): string => withLength(word, (cut) => cut)

function withLength(value: string, show: (cut: string) => string): string {
  const cut = [...value.slice(0, QUOTED_CHARACTERS * 2)].slice(0, QUOTED_CHARACTERS).join('')
  return cut.length < value.length ? `${show(cut)} … (${value.length} characters)` : show(value)
}
