/** What came of a question, in the words that the page has for each. */
export type Asked<T> =
  | { kind: 'ok'; json: T }
  | { kind: 'problem'; status: number; title: string; detail: string; parameter?: string }
  | { kind: 'signedOut' }
  | { kind: 'offline' }
  /** Something between answered: an answer that is none of the app's. */
  | { kind: 'foreign'; status: number }

export interface Question {
  /** Below the page's data, with its query. */
  path: string
  /** Properties without which the answer is not the one that was asked for. */
  has: readonly string[]
}

/** Asks the app; rejects only when `signal` is aborted. The key goes into a header and nowhere else. */
export async function ask<T>({ path, has }: Question, key: string | undefined, signal: AbortSignal): Promise<Asked<T>> {
  const response = await fetch(`data/${path}`, {
    headers: { accept: 'application/json', ...(key !== undefined && { 'x-functions-key': key }) },
    cache: 'no-store',
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error
    return undefined
  })
  if (!response) return { kind: 'offline' }
  if (response.status === 401) return { kind: 'signedOut' }
  const json: unknown = isJson(response) ? await response.json().catch(() => undefined) : undefined
  if (signal.aborted) throw signal.reason
  if (!isObject(json)) return { kind: 'foreign', status: response.status }
  if (!response.ok) return problemOf(response.status, json)
  return has.every((name) => name in json) ? { kind: 'ok', json: json as T } : { kind: 'foreign', status: response.status }
}

const isJson = ({ headers }: Response) => /^application\/([\w.-]+\+)?json\b/.test(headers.get('content-type') ?? '')

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function problemOf(status: number, { title, detail, parameter }: Record<string, unknown>): Asked<never> {
  return {
    kind: 'problem',
    status,
    title: typeof title === 'string' ? title : 'The request failed',
    detail: typeof detail === 'string' ? detail : '',
    ...(typeof parameter === 'string' && { parameter }),
  }
}
