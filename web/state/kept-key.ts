const NAME = 'patchtrail.key'

/** The key that somebody wanted kept until the tab closes. Nothing of it is in `localStorage`, a cookie or an address. */
export function keptKey(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps a key until the tab closes; where the browser keeps nothing, it is asked for again. */
export function keepKey(key: string): void {
  try {
    sessionStorage.setItem(NAME, key)
  } catch {
    return
  }
}
