import type { Session } from './session.ts'

export type Requested =
  | { kind: 'pending'; snapshotId: string }
  /** One is pending or running already. */
  | { kind: 'active'; snapshotId: string }
  | { kind: 'refused'; detail: string }

interface From {
  session: Session | undefined
  key: string | undefined
  /** `?tenantId=…`, or nothing. */
  query: string
}

/**
 * Asks for a snapshot. Whoever signed in asks on the page's own route, with a header that no form can send; with a key it is the API's route, which
 * wants a key that opens it.
 */
export async function requestSnapshot({ session, key, query }: From): Promise<Requested> {
  const isSignedIn = session?.signIn === 'entra'
  const response = await fetch(`${isSignedIn ? 'data/sync' : '../sync'}${query}`, {
    method: 'POST',
    headers: isSignedIn ? { 'x-patchtrail': 'page' } : key === undefined ? {} : { 'x-functions-key': key },
    cache: 'no-store',
  }).catch(() => undefined)
  if (!response) return { kind: 'refused', detail: 'The app cannot be reached.' }
  if (response.status === 401)
    return { kind: 'refused', detail: 'That key does not open it: it takes a key of the function sync, or of all.' }
  const json: unknown = await response.json().catch(() => undefined)
  const snapshotId = textOf(json, 'snapshotId')
  if (response.status === 202 && snapshotId !== undefined) return { kind: 'pending', snapshotId }
  if (response.status === 409 && snapshotId !== undefined) return { kind: 'active', snapshotId }
  return { kind: 'refused', detail: textOf(json, 'detail') ?? `The app answered ${response.status}.` }
}

function textOf(json: unknown, name: string): string | undefined {
  const value = typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : undefined
}
