import { Cron } from 'croner'
import { z } from 'zod'
import { type QueueBinding, readQueueBinding } from './queue-binding.ts'
import type { RegisteredFunction } from './registry.ts'
import { resolveSettings } from './resolve-settings.ts'
import { parseRouteTemplate, type RouteTemplate } from './route-template.ts'

const httpTrigger = z.object({
  type: z.literal('httpTrigger'),
  authLevel: z.enum(['anonymous', 'function', 'admin']),
  methods: z.array(z.string().transform((method) => method.toUpperCase())),
  route: z.string().optional(),
})
const timerTrigger = z.object({ type: z.literal('timerTrigger'), schedule: z.string() })
const queueTrigger = z.looseObject({ type: z.literal('queueTrigger') })
const triggerBinding = z.discriminatedUnion('type', [httpTrigger, timerTrigger, queueTrigger])
const KNOWN_BINDINGS = ['httpTrigger', 'timerTrigger', 'queueTrigger', 'http', 'queue']

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

/** `%SETTING%` in its name is already replaced. */
export interface QueueTrigger extends QueueBinding {
  type: 'queueTrigger'
}

/** A function of the loaded app. */
export interface AppFunction extends RegisteredFunction {
  name: string
  trigger: HttpTrigger | TimerTrigger | QueueTrigger
  /** Where what it returns goes, if a queue. */
  queueOutput: QueueBinding | undefined
}

export const isQueueFunction = (one: AppFunction): one is AppFunction & { trigger: QueueTrigger } => one.trigger.type === 'queueTrigger'

/**
 * The trigger of a registered function. Throws where the real host would leave the function out with an error in its log:
 * a bad name, route, schedule or queue name, and a binding that this host does not have.
 */
export function readTrigger({ metadata }: RegisteredFunction, routePrefix: string): AppFunction['trigger'] {
  // https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Utility.cs
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(metadata.name)) throw new Error(`"${metadata.name}" is not a valid function name.`)
  const bindings = Object.values(metadata.bindings)
  const other = bindings.find(({ type }) => !KNOWN_BINDINGS.includes(type ?? ''))
  if (other) throw new Error(`Function "${metadata.name}" has a binding "${other.type}", which the local host does not have.`)
  const trigger = triggerBinding.parse(bindings.find(({ type }) => type?.endsWith('Trigger')))
  if (trigger.type === 'queueTrigger') return { type: trigger.type, ...readQueueBinding(metadata.name, trigger) }
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
  const resolved = resolveSettings(schedule, `The schedule of "${name}"`)
  try {
    new Cron(resolved, { paused: true })
  } catch (error) {
    throw new Error(`The schedule "${resolved}" of "${name}" cannot be read.`, { cause: error })
  }
  return { type: 'timerTrigger', schedule: resolved }
}
