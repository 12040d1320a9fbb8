import Module from 'node:module'
import type { CoreApi, FunctionCallback, FunctionMetadata, HookCallback, LogCategory, LogLevel, ProgrammingModel } from './core-api.ts'

export interface RegisteredFunction {
  metadata: FunctionMetadata
  callback: FunctionCallback
}

/** What one function app has registered. `locked` once it has started. */
export interface Registry {
  functions: Map<string, RegisteredFunction>
  hooks: Map<string, HookCallback[]>
  /** Shared by all hooks of the app, as the worker's `appHookData`. */
  appHookData: Record<string, unknown>
  locked: boolean
  log(level: LogLevel, category: LogCategory, message: string): void
}

// `@azure/functions` asks for the core module once per process and keeps it, so the registry behind it is process-wide, as in the worker.
let current: Registry | undefined
let programmingModel: ProgrammingModel | undefined
let provided = false

/** Makes `registry` the one that `app.http`, `app.timer` and hooks register into. One function app per process at a time, as in a worker. */
export function openRegistry(registry: Registry): void {
  if (current) throw new Error('A function app is loaded already: a process holds one, as a Functions worker does. Call terminate() first.')
  if (!provided) provideCoreModule()
  provided = true
  current = registry
}

export function closeRegistry(): void {
  current = undefined
}

/** The model that `@azure/functions` set on its first registration. */
export function registeredModel(): ProgrammingModel | undefined {
  return programmingModel
}

/** Runs the hooks of that name in the order they were registered, each awaited; the first that throws ends it, as in the worker. */
export async function runHooks(registry: Registry, hookName: string, context: object): Promise<void> {
  for (const hook of registry.hooks.get(hookName) ?? []) await hook(context)
}

const coreApi: CoreApi = {
  version: '3.12.0',
  // Above 4.34, from which log hooks and HTTP streams are available.
  hostVersion: '4.1044.0',
  registerFunction,
  registerHook,
  setProgrammingModel: (model) => {
    programmingModel = model
  },
  getProgrammingModel: () => programmingModel,
  log: (level, category, message) => current?.log(level, category, message),
}

/**
 * Makes CommonJS `require('@azure/functions-core')` answer with the core API, in the worker's own way: a proxy round
 * `Module.prototype.require`. A `require` made by `createRequire`, as in an ESM bundle, goes through the same method.
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/setupCoreModule.ts
 */
function provideCoreModule(): void {
  const { prototype } = Module as unknown as { prototype: { require: (id: string) => unknown } }
  prototype.require = new Proxy(prototype.require, {
    apply: (target, self, [id]: [string]): unknown => (id === '@azure/functions-core' ? coreApi : Reflect.apply(target, self, [id])),
  })
}

function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void {
  if (!current || current.locked) throw new Error('A function can only be registered during app startup.')
  const functionId = metadata.functionId ?? metadata.name
  if (current.functions.has(functionId)) throw new Error(`A function with id "${functionId}" has already been registered.`)
  // Bindings reach the real host as JSON, so what JSON cannot hold is lost here as well.
  const bindings = JSON.parse(JSON.stringify(metadata.bindings)) as FunctionMetadata['bindings']
  current.functions.set(functionId, { metadata: { ...metadata, functionId, bindings }, callback })
}

function registerHook(hookName: string, callback: HookCallback): { dispose(): void } {
  if (!current) throw new Error('A hook can only be registered while a function app is loaded.')
  const hooks = current.hooks.get(hookName) ?? []
  current.hooks.set(hookName, hooks)
  hooks.push(callback)
  return {
    dispose: () => {
      const index = hooks.indexOf(callback)
      if (index >= 0) hooks.splice(index, 1)
    },
  }
}
