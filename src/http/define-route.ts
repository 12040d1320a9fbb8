import type { z } from 'zod'
import { requireApp, requireAskedTenant } from '../edge/asked-tenant.ts'
import type { OpenTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import type { ResponseSchemas, Route, RouteDefinition } from './route.ts'
import { serve } from './serve.ts'

/** A route about a tenant, ready to be registered, from its definition. */
export function defineRoute<Q extends z.ZodObject, P extends z.ZodObject, R extends ResponseSchemas, C extends z.ZodType = z.ZodNever>(
  definition: RouteDefinition<Q, P, C, R>,
): Route<Q, P, C, R> {
  return { ...definition, serve: (...over) => serve<Q, P, C, R, OpenTenant, z.ZodUndefined>(definition, requireAskedTenant, ...over) }
}

/** A route about the app with all its tenants, ready to be registered, from its definition. */
export function defineAppRoute<
  Q extends z.ZodObject,
  P extends z.ZodObject,
  R extends ResponseSchemas,
  C extends z.ZodType = z.ZodNever,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<Q, P, C, R, Services, B>): Route<Q, P, C, R, Services, B> {
  // Anyone may ask for health: telling a configured tenant from another would name it.
  const open = definition.authLevel === 'anonymous' ? async (services: Services) => services : requireApp
  return { ...definition, serve: (...over) => serve<Q, P, C, R, Services, B>(definition, open, ...over) }
}
