import type { Session } from './session.ts'

/** The session, or undefined where the app does not tell it: the data will say what is wrong. */
export async function readSession(): Promise<Session | undefined> {
  const response = await fetch('session', { cache: 'no-store' }).catch(() => undefined)
  const json: unknown = response?.ok ? await response.json().catch(() => undefined) : undefined
  return isSession(json) ? json : undefined
}

const isSession = (json: unknown): json is Session => typeof json === 'object' && json !== null && 'signIn' in json
