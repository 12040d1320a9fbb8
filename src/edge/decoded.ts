/** A piece of an address without its percent-encoding; undefined for what is no encoded UTF-8. */
export function decoded(piece: string): string | undefined {
  try {
    return decodeURIComponent(piece)
  } catch {
    return undefined
  }
}
