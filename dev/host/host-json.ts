import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type QueueSettings, queueSettings } from './queue-settings.ts'

const hostJson = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).optional(),
      queues: queueSettings.optional(),
    })
    .optional(),
})

export interface HostSettings {
  /** First segments of every route, without slashes at the ends; may be empty. */
  routePrefix: string
  queues: QueueSettings
}

/** What this host heeds of a host.json. Throws for one that is not valid. */
export function readHostJson(path: string): HostSettings {
  const settings = hostJson.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!settings.success) throw new Error(`${path} is not a valid host.json: ${z.prettifyError(settings.error)}`)
  const { http, queues } = settings.data.extensions ?? {}
  return { routePrefix: (http?.routePrefix ?? 'api').replace(/^\/+|\/+$/g, ''), queues: queues ?? queueSettings.parse({}) }
}
