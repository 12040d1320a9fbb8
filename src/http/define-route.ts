import type { z } from 'zod'
import type { ResponseSchemas, Route, RouteDefinition } from './route.ts'
import { serve } from './serve.ts'

/** A route, ready to be registered, from its definition. */
export function defineRoute<Q extends z.ZodObject, P extends z.ZodObject, R extends ResponseSchemas, C extends z.ZodType = z.ZodNever>(
  definition: RouteDefinition<Q, P, C, R>,
): Route<Q, P, C, R> {
  return { ...definition, serve: (...over) => serve(definition, ...over) }
}
