import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const hostJson = z.object({
  version: z.literal('2.0'),
  extensions: z.object({ http: z.object({ routePrefix: z.string().default('api') }).optional() }).optional(),
})

export interface HostSettings {
  /** The function app's root: the folder that holds `host.json`. */
  directory: string
  /** First segments of every route, without slashes at the ends; may be empty. */
  routePrefix: string
}

/** Reads `host.json` of the function app that `entryPath` belongs to: the nearest one in its folder or above. Throws if there is none. */
export function readHostSettings(entryPath: string): HostSettings {
  const directory = findAppDirectory(dirname(entryPath))
  const path = join(directory, 'host.json')
  const settings = hostJson.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!settings.success) throw new Error(`${path} is not a valid host.json: ${z.prettifyError(settings.error)}`)
  return { directory, routePrefix: (settings.data.extensions?.http?.routePrefix ?? 'api').replace(/^\/+|\/+$/g, '') }
}

function findAppDirectory(directory: string): string {
  if (existsSync(join(directory, 'host.json'))) return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('No host.json found: the entry is not inside a function app.')
  return findAppDirectory(parent)
}
