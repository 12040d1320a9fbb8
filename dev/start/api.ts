import { z } from 'zod'
import type { FunctionApp } from '../host/index.ts'

/** How a request is sent. */
export type Send = (method: 'GET' | 'POST', path: string) => Promise<{ status: number; text: string }>

/** An answer of the app that is not what it should be. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}

/** The app's HTTP API, for whoever expects it to answer as described. */
export class Api {
  readonly #send: Send

  constructor(send: Send) {
    this.#send = send
  }

  /** The answer to a GET, which must be a 200 that fits the schema. Throws `AnswerError`. */
  get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#call('GET', path, 200, schema)
  }

  /** The answer to a POST, which must be a 202 that fits the schema. Throws `AnswerError`. */
  post<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#call('POST', path, 202, schema)
  }

  async #call<S extends z.ZodType>(method: 'GET' | 'POST', path: string, expectedStatus: number, schema: S): Promise<z.output<S>> {
    const { status, text } = await this.#send(method, path)
    if (status !== expectedStatus) throw new AnswerError(`${method} ${path} was answered with ${status}: ${text.slice(0, 500)}`)
    const parsed = schema.safeParse(JSON.parse(text))
    if (!parsed.success) throw new AnswerError(`The answer to ${method} ${path} is not as described: ${z.prettifyError(parsed.error)}`)
    return parsed.data
  }
}

/** Sends through the registered functions, without a port. */
export function throughHost(app: FunctionApp): Send {
  return async (method, path) => {
    const { status, body } = await app.invokeHttp({ method, url: path })
    return { status, text: body.toString() }
  }
}

/** Sends over a socket, as any other client. */
export function overHttp(baseUrl: string): Send {
  return async (method, path) => {
    const response = await fetch(baseUrl + path, { method })
    return { status: response.status, text: await response.text() }
  }
}
