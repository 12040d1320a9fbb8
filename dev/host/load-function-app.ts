import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AppFunction } from './app-function.ts'
import type { FunctionKeys } from './authorize.ts'
import { refuseConflicts, sortByName } from './find-route.ts'
import { createFunctionApp, type FunctionApp } from './function-app.ts'
import { runHooks } from './hooks.ts'
import { type HostLog, logProblems } from './host-log.ts'
import { type HostSettings, readHostSettings } from './host-settings.ts'
import { closeRegistry, openRegistry, registeredModel, type Registry } from './registry.ts'
import { startStreamProxy } from './stream-proxy.ts'
import { readTrigger } from './trigger.ts'

export interface LoadOptions {
  /** Path or `file:` URL of the entry module: `dist/main.js`, or `functions/index.ts` under tsx or vitest. */
  main: string
  /** With keys, `authLevel` is enforced; without, every function is open. */
  keys?: FunctionKeys
  log?: HostLog
}

/**
 * Loads and starts a function app as the Node worker does: import the entry, run the `appStart` hooks, close registration. Rejects with what
 * the entry throws, and where the real host would leave a function out.
 */
export async function loadFunctionApp({ main, keys, log = logProblems }: LoadOptions): Promise<FunctionApp> {
  const path = main.startsWith('file:') ? fileURLToPath(main) : resolve(main)
  const settings = readHostSettings(path)
  const registry: Registry = {
    functions: new Map(),
    hooks: new Map(),
    appHookData: {},
    locked: false,
    log: (level, category, message) => log({ level, category, message }),
  }
  openRegistry(registry)
  try {
    return await startFunctionApp(path, settings, registry, keys, log)
  } catch (error) {
    closeRegistry()
    throw error
  }
}

async function startFunctionApp(
  path: string,
  settings: HostSettings,
  registry: Registry,
  keys: FunctionKeys | undefined,
  log: HostLog,
): Promise<FunctionApp> {
  const exports = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  await runHooks(registry, 'appStart', {
    hookData: {},
    appHookData: registry.appHookData,
    functionAppDirectory: settings.directory,
  })
  registry.locked = true
  const model = registeredModel()
  if (!model || registry.functions.size === 0) throw new Error(`${path} has registered no function. Was it loaded in this process before?`)
  const functions = readFunctions(registry, settings.routePrefix)
  const proxy = await startStreamProxy(model)
  return createFunctionApp({ host: { registry, model, log }, functions, exports, proxy, keys })
}

function readFunctions(registry: Registry, routePrefix: string): AppFunction[] {
  const functions = [...registry.functions.values()].map((registered) => ({
    name: registered.metadata.name,
    trigger: readTrigger(registered, routePrefix),
    bindings: registered.metadata.bindings,
    ...registered,
  }))
  refuseConflicts(functions)
  return sortByName(functions)
}
