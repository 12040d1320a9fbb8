import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import type { Program } from '../program.ts'
import type { FindConnection } from './connection.ts'

/** What the Functions host calls for a request, naming the invocation. */
export type Handler = (request: HttpRequest, invocation?: { invocationId: string }) => Promise<HttpResponseInit>

/** What the Functions host is told of a route, and what answers it. */
export interface Endpoint {
  /** The function's name, and the operation's id. */
  name: string
  /** GET answers HEAD as well. */
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the route prefix, as the Functions host takes it: `machines/{machineId}/history`. */
  path: string
  /** `admin` takes the app's master key. */
  authLevel: 'anonymous' | 'function' | 'admin'
  /** The handler over a program, which is opened at each request. It never rejects. Without connections, bodies go out as they are taken. */
  serve(openProgram: () => Program, findConnection?: FindConnection): Handler
}
