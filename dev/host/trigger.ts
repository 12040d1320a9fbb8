import { Cron } from 'croner'
import { z } from 'zod'
import type { RegisteredFunction } from './registry.ts'
import { parseRouteTemplate, type RouteTemplate } from './route-template.ts'

const httpTrigger = z.object({
  type: z.literal('httpTrigger'),
  authLevel: z.enum(['anonymous', 'function', 'admin']),
  methods: z.array(z.string().transform((method) => method.toUpperCase())),
  route: z.string().optional(),
})
const timerTrigger = z.object({ type: z.literal('timerTrigger'), schedule: z.string() })
const triggerBinding = z.discriminatedUnion('type', [httpTrigger, timerTrigger])

export type AuthLevel = z.infer<typeof httpTrigger>['authLevel']

export interface HttpTrigger {
  type: 'httpTrigger'
  authLevel: AuthLevel
  /** Upper case. */
  methods: string[]
  /** With the route prefix, without a slash in front: `api/machines/{machineId}`. */
  route: string
  template: RouteTemplate
}

export interface TimerTrigger {
  type: 'timerTrigger'
  /** NCRONTAB, with `%SETTING%` already replaced. */
  schedule: string
}

/** A function of the loaded app. */
export interface AppFunction extends RegisteredFunction {
  name: string
  trigger: HttpTrigger | TimerTrigger
}

/**
 * The trigger of a registered function. Throws where the real host would leave the function out with an error in its log:
 * a bad name, route or schedule, and a binding that this host does not have.
 */
export function readTrigger({ metadata }: RegisteredFunction, routePrefix: string): AppFunction['trigger'] {
  // https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Utility.cs
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(metadata.name)) throw new Error(`"${metadata.name}" is not a valid function name.`)
  const bindings = Object.values(metadata.bindings)
  const other = bindings.find(({ type }) => !['httpTrigger', 'timerTrigger', 'http'].includes(type ?? ''))
  if (other) throw new Error(`Function "${metadata.name}" has a binding "${other.type}", which the local host does not have.`)
  const trigger = triggerBinding.parse(bindings.find(({ type }) => type?.endsWith('Trigger')))
  return trigger.type === 'timerTrigger' ? readTimer(metadata.name, trigger.schedule) : readHttp(metadata.name, trigger, routePrefix)
}

function readHttp(name: string, { route = '', ...trigger }: z.infer<typeof httpTrigger>, routePrefix: string): HttpTrigger {
  const ownRoute = route || name
  // https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Host/ScriptHost.cs, ValidateHttpFunction
  if (/^(admin|runtime)/i.test(ownRoute)) throw new Error(`The route "${ownRoute}" of "${name}" conflicts with routes of the host.`)
  const fullRoute = routePrefix ? `${routePrefix}/${ownRoute}` : ownRoute
  return { ...trigger, route: fullRoute, template: parseRouteTemplate(fullRoute) }
}

function readTimer(name: string, schedule: string): TimerTrigger {
  const resolved = schedule.replace(/%([^%]+)%/g, (_, setting: string) => {
    const value = process.env[setting]
    if (value === undefined) throw new Error(`The schedule of "${name}" needs the setting ${setting}, which is not set.`)
    return value
  })
  try {
    new Cron(resolved, { paused: true })
  } catch (error) {
    throw new Error(`The schedule "${resolved}" of "${name}" cannot be read.`, { cause: error })
  }
  return { type: 'timerTrigger', schedule: resolved }
}
