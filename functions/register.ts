import { app } from '@azure/functions'
import type { Endpoint } from '../src/edge/endpoint.ts'
import { openProgram } from '../src/program.ts'
import { findConnection } from './setup.ts'

/** Registers a route with the Functions host, as it says itself. */
export function register(endpoint: Endpoint): void {
  const { name, method, path, authLevel } = endpoint
  const methods: ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE')[] = method === 'GET' ? ['GET', 'HEAD'] : [method]
  app.http(name, { route: path, methods, authLevel, handler: endpoint.serve(openProgram, findConnection) })
}
