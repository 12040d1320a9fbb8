import { readBatchBody } from './batch-body.ts'
import { continuationKey } from './continuation.ts'
import { parseFilter } from './filter.ts'
import { LIMITS } from './limits.ts'
import type { Properties } from './properties.ts'
import type { Query } from './query-rows.ts'
import { ServiceError } from './service-error.ts'
import type { Write, WriteKind } from './write.ts'

/** A request over HTTP, read to its end. Header names are lower case. */
export interface TableRequest {
  method: string
  /** With the account's name: `/devstoreaccount1/machines()?$top=10`. */
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export type Operation =
  | { kind: 'listTables' }
  | { kind: 'createTable' | 'deleteTable'; table: string }
  | { kind: 'get'; table: string; partitionKey: string; rowKey: string; select: ReadonlySet<string> | undefined }
  | { kind: 'query'; table: string; query: Query; select: ReadonlySet<string> | undefined }
  | { kind: 'write'; table: string; write: Write; echo: boolean }
  | { kind: 'batch'; table: string; writes: Write[] }

interface Resource {
  name: string
  keys: { partitionKey: string; rowKey: string } | undefined
}

/** What a request asks for. Throws ServiceError where it is nothing that this service knows. */
export function readOperation(request: TableRequest): Operation {
  const { path, query } = splitUrl(request.url)
  const resource = readResource(path)
  if (resource.name === '$batch') return readBatch(request)
  if (resource.name === 'Tables') return readTableOperation(request, path)
  if (request.method === 'GET') return readRead(resource, query)
  const header = (name: string) => request.headers[name]
  const write = readWrite(request.method, resource, header('if-match'), request.body)
  return { kind: 'write', table: write.table, write, echo: write.kind === 'insert' && header('prefer') !== 'return-no-content' }
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  const [, , ...resource] = pathname.split('/')
  return { path: decodeURIComponent(resource.join('/')), query: searchParams }
}

/** `machines(PartitionKey='a',RowKey='it''s')`, `machines()`, `machines`. */
function readResource(path: string): Resource {
  const [, name, inside] = /^([$A-Za-z][A-Za-z0-9]*)(?:\((.*)\))?$/s.exec(path) ?? []
  if (name === undefined) throw new ServiceError('InvalidResourceName', path)
  const keys = /^PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'$/s.exec(inside ?? '')
  return { name, keys: keys ? { partitionKey: unquote(keys[1]), rowKey: unquote(keys[2]) } : undefined }
}

const unquote = (text = '') => text.replaceAll("''", "'")

function readBatch(request: TableRequest): Operation {
  if (Buffer.byteLength(request.body) > LIMITS.batchBytes) throw new ServiceError('RequestBodyTooLarge')
  const writes = readBatchBody(request.body).map((part) =>
    readWrite(part.method, readResource(splitUrl(part.url).path), part.headers['if-match'], part.body),
  )
  return { kind: 'batch', table: writes[0]?.table ?? '', writes }
}

function readTableOperation(request: TableRequest, path: string): Operation {
  if (request.method === 'GET') return { kind: 'listTables' }
  if (request.method === 'POST') return { kind: 'createTable', table: String(readJson(request.body)['TableName']) }
  const name = /^Tables\('(\w+)'\)$/.exec(path)?.[1]
  if (request.method !== 'DELETE' || name === undefined) throw new ServiceError('NotImplemented', `${request.method} ${path}`)
  return { kind: 'deleteTable', table: name }
}

function readRead({ name, keys }: Resource, query: URLSearchParams): Operation {
  const selected = query.get('$select')
  const select =
    selected === null || selected === '' || selected === '*' ? undefined : new Set(selected.split(',').map((property) => property.trim()))
  if (keys) return { kind: 'get', table: name, ...keys, select }
  const top = Number(query.get('$top') ?? LIMITS.pageRows)
  if (!Number.isInteger(top) || top < 1 || top > LIMITS.pageRows) throw new ServiceError('InvalidInput', '$top')
  const filter = query.get('$filter')
  return {
    kind: 'query',
    table: name,
    query: { filter: filter ? parseFilter(filter) : undefined, top, continueFrom: continuationKey(query) },
    select,
  }
}

const WRITE_KINDS: Readonly<Record<string, { guarded: WriteKind; unguarded: WriteKind | undefined }>> = {
  PUT: { guarded: 'update', unguarded: 'insertOrReplace' },
  PATCH: { guarded: 'merge', unguarded: 'insertOrMerge' },
  MERGE: { guarded: 'merge', unguarded: 'insertOrMerge' },
  DELETE: { guarded: 'delete', unguarded: undefined },
}

function readWrite(method: string, { name, keys }: Resource, ifMatch: string | string[] | undefined, body: string): Write {
  const properties = method === 'DELETE' ? {} : readJson(body)
  if (method === 'POST') {
    const { PartitionKey: partitionKey, RowKey: rowKey } = properties
    if (typeof partitionKey !== 'string' || typeof rowKey !== 'string') throw new ServiceError('PropertiesNeedValue')
    return { kind: 'insert', table: name, partitionKey, rowKey, properties, ifMatch: undefined }
  }
  const kinds = WRITE_KINDS[method]
  const kind = typeof ifMatch === 'string' ? kinds?.guarded : kinds?.unguarded
  if (kind === undefined || !keys) throw new ServiceError('NotImplemented', `${method} ${name}`)
  return { kind, table: name, ...keys, properties, ifMatch: typeof ifMatch === 'string' ? ifMatch : undefined }
}

function readJson(body: string): Properties {
  try {
    return JSON.parse(body) as Properties
  } catch {
    throw new ServiceError('InvalidInput', 'the body is no JSON')
  }
}
