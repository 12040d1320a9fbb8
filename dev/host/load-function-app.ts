import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FunctionKeys } from './authorize.ts'
import { refuseConflicts, sortByName } from './find-route.ts'
import { FunctionApp } from './function-app.ts'
import { readHostJson } from './host-json.ts'
import { type HostLog, logProblems } from './host-log.ts'
import { readQueueOutput } from './queue-binding.ts'
import { closeRegistry, openRegistry, registeredModel, type Registry, runHooks } from './registry.ts'
import { startStreamProxy } from './stream-proxy.ts'
import { type AppFunction, readTrigger } from './trigger.ts'

interface LoadOptions {
  /** Path or `file:` URL of the entry module: `dist/main.js`, or `functions/index.ts` under tsx or vitest. */
  main: string
  /** With keys, `authLevel` is enforced; without, every function is open. */
  keys?: FunctionKeys
  log?: HostLog
  /** How long to wait for the next byte of an answer, with HTTP streams; as long as the real host if left out. */
  activityTimeoutMs?: number
}

/**
 * Loads and starts a function app as the Node worker does: import the entry, run the `appStart` hooks, close registration. Rejects with what
 * the entry throws, and where the real host would leave a function out.
 */
export async function loadFunctionApp({ main, keys, log = logProblems, activityTimeoutMs }: LoadOptions): Promise<FunctionApp> {
  const path = main.startsWith('file:') ? fileURLToPath(main) : resolve(main)
  const directory = findAppDirectory(dirname(path))
  const registry: Registry = {
    functions: new Map(),
    hooks: new Map(),
    appHookData: {},
    locked: false,
    log: (level, category, message) => log({ level, category, message }),
  }
  openRegistry(registry)
  try {
    const exports = (await import(pathToFileURL(path).href)) as Record<string, unknown>
    await runHooks(registry, 'appStart', { hookData: {}, appHookData: registry.appHookData, functionAppDirectory: directory })
    registry.locked = true
    const model = registeredModel()
    if (!model || registry.functions.size === 0)
      throw new Error(`${path} has registered no function. Was it loaded in this process before?`)
    const { routePrefix, queues } = readHostJson(join(directory, 'host.json'))
    const functions = readFunctions(registry, routePrefix)
    return new FunctionApp({
      host: { registry, model, queues, log },
      functions,
      exports,
      proxy: await startStreamProxy(model, activityTimeoutMs),
      keys,
    })
  } catch (error) {
    closeRegistry()
    throw error
  }
}

/** The function app's root: the nearest folder, of that of the entry and those above, that holds `host.json`. Throws if there is none. */
function findAppDirectory(directory: string): string {
  if (existsSync(join(directory, 'host.json'))) return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('No host.json found: the entry is not inside a function app.')
  return findAppDirectory(parent)
}

function readFunctions(registry: Registry, routePrefix: string): AppFunction[] {
  const functions = [...registry.functions.values()].map((registered) => ({
    ...registered,
    name: registered.metadata.name,
    trigger: readTrigger(registered, routePrefix),
    queueOutput: readQueueOutput(registered),
  }))
  refuseConflicts(functions)
  return sortByName(functions)
}
