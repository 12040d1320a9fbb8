/** Characters of a caller's value that a message repeats. */
const QUOTED_CHARACTERS = 80

/** A caller's value for a message: as JSON, so that control characters show, and cut. */
export function quote(value: string): string {
  const cut = [...value.slice(0, QUOTED_CHARACTERS * 2)].slice(0, QUOTED_CHARACTERS).join('')
  return cut.length < value.length ? `${JSON.stringify(cut)} … (${value.length} characters)` : JSON.stringify(value)
}
