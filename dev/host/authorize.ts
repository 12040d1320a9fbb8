import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthLevel } from './trigger.ts'

/** Access keys, as the host keeps them in its storage. Without this the local host asks for none, like `func start`. */
export interface FunctionKeys {
  /** Opens everything. */
  master?: string
  /** Opens every function of level `function`. */
  host?: string
  /** Opens one function of level `function`, by its name. */
  functions?: Record<string, string>
}

/**
 * Whether a request may call a function: its key comes from the `x-functions-key` header, or else from the `code` parameter. The real host
 * answers 401 to every refusal. https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
 */
export function isAuthorized(level: AuthLevel, functionName: string, keys: FunctionKeys, header: string | undefined, url: URL): boolean {
  if (level === 'anonymous') return true
  const given = header || url.searchParams.get('code')
  if (!given) return false
  const own = Object.hasOwn(keys.functions ?? {}, functionName) ? keys.functions?.[functionName] : undefined
  const accepted = level === 'admin' ? [keys.master] : [keys.master, keys.host, own]
  return accepted.some((key) => key !== undefined && key !== '' && isSame(key, given))
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(left, right)
}
