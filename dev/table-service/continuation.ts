import { keyOf, keysOf } from './row.ts'
import { ServiceError } from './service-error.ts'

/** `PK1` -> `1!4!UEsx`: opaque, and safe in a header whatever the key holds; the way the real service writes it. */
const encode = (key: string) => {
  const encoded = Buffer.from(key).toString('base64url')
  return `1!${encoded.length}!${encoded}`
}

function decode(token: string): string {
  const [, length, encoded] = /^1!(\d+)!([\w-]*)$/.exec(token) ?? []
  if (encoded === undefined || Number(length) !== encoded.length) throw new ServiceError('InvalidInput', `continuation ${token}`)
  return Buffer.from(encoded, 'base64url').toString()
}

/** The headers that say from which key the next page goes on. */
export function continuationHeaders(nextKey: string): Record<string, string> {
  const { partitionKey, rowKey } = keysOf(nextKey)
  return { 'x-ms-continuation-NextPartitionKey': encode(partitionKey), 'x-ms-continuation-NextRowKey': encode(rowKey) }
}

/** The key that a request goes on from, or undefined for a first page. */
export function continuationKey(query: URLSearchParams): string | undefined {
  const partitionKey = query.get('NextPartitionKey')
  if (partitionKey === null) return undefined
  const rowKey = query.get('NextRowKey')
  return keyOf(decode(partitionKey), rowKey === null ? '' : decode(rowKey))
}
