import { z } from 'zod'
import { snapshotSchema, type SnapshotShape } from '../../src/http/shapes/snapshot.ts'

/** The HTTP API at a URL, for whoever expects it to answer as described; all calls throw where it does not. */
export class Api {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** The answer to a GET, which must be a 200 that fits the schema. */
  get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#call('GET', path, 200, schema)
  }

  /** The same of what may be gone: undefined for a 404. */
  async find<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
    const response = await fetch(this.url + path)
    const text = await response.text()
    return response.status === 404 ? undefined : checked('GET', path, response.status, 200, text, schema)
  }

  /** The answers to a GET of a list, page by page to its end. */
  async pages<S extends z.ZodType<{ nextLink?: string | undefined }>>(path: string, schema: S): Promise<z.output<S>[]> {
    const pages: z.output<S>[] = []
    for (let next: string | undefined = path; next !== undefined; next = pages.at(-1)?.nextLink?.slice(this.url.length))
      pages.push(await this.get(next, schema))
    return pages
  }

  /** The answer to a POST, which must be a 202 that fits the schema. */
  post<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#call('POST', path, 202, schema)
  }

  /** The answer to a PUT, which must be a 201 that fits the schema. */
  put<S extends z.ZodType>(path: string, body: object, schema: S): Promise<z.output<S>> {
    return this.#call('PUT', path, 201, schema, JSON.stringify(body))
  }

  snapshot(snapshotId: string): Promise<SnapshotShape> {
    return this.get(`/api/snapshots/${snapshotId}`, snapshotSchema)
  }

  /** Snapshots of whatever status, newest first; of many tenants, of one. */
  async newestSnapshots(limit: number, tenantId?: string): Promise<SnapshotShape[]> {
    const whose = tenantId === undefined ? '' : `&tenantId=${tenantId}`
    return (await this.get(`/api/snapshots?limit=${limit}${whose}`, z.object({ snapshots: z.array(snapshotSchema) }))).snapshots
  }

  async #call<S extends z.ZodType>(method: string, path: string, expectedStatus: number, schema: S, body?: string): Promise<z.output<S>> {
    const response = await fetch(this.url + path, { method, ...(body !== undefined && { body }) })
    const text = await response.text()
    return checked(method, path, response.status, expectedStatus, text, schema)
  }
}

function checked<S extends z.ZodType>(
  method: string,
  path: string,
  status: number,
  expected: number,
  text: string,
  schema: S,
): z.output<S> {
  if (status !== expected) throw new Error(`${method} ${path} was answered with ${status}: ${text.slice(0, 500)}`)
  const parsed = schema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`The answer to ${method} ${path} is not as described: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
