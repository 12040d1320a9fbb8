import type { TypedData } from './core-api.ts'
import type { QueueSettings } from './queue-settings.ts'

type Encoding = QueueSettings['messageEncoding']

/** A text as it is sent. */
export function encodeText(text: string, encoding: Encoding): string {
  return encoding === 'base64' ? Buffer.from(text).toString('base64') : text
}

/** A received text as it was before it was sent; undefined if it is not base64 where that is asked for, as that of an SDK's default. */
export function decodeText(text: string, encoding: Encoding): string | undefined {
  if (encoding === 'none') return text
  const bytes = Buffer.from(text, 'base64')
  // Node leaves out what is not base64; .NET refuses the whole.
  return bytes.toString('base64') === text ? bytes.toString() : undefined
}

/** A message's text as the worker is given it: JSON as a value, any other as a string. */
export function toInput(text: string): TypedData {
  try {
    JSON.parse(text)
    return { json: text }
  } catch {
    return { string: text }
  }
}

/**
 * The texts of the messages that a returned value makes: one an element of an array, none of nothing. Throws for an element that is nothing,
 * of which is not known what the real host makes.
 */
export function toTexts(returned: TypedData | null | undefined): string[] {
  if (returned === null || returned === undefined) return []
  if (returned.json === undefined) return [String(returned.string ?? returned.int ?? returned.double ?? bytesToText(returned))]
  const value = JSON.parse(returned.json) as unknown
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((element) => {
    if (element === null) throw new Error('A message of a queue output is null.')
    return typeof element === 'string' ? element : JSON.stringify(element)
  })
}

function bytesToText({ bytes }: TypedData): string {
  if (!bytes) throw new Error('A queue output is of a kind that the local host does not have.')
  return Buffer.from(bytes).toString()
}
