import {
  type BindingInfo,
  type CoreApi,
  Disposable,
  type FunctionCallback,
  type FunctionMetadata,
  type HookCallback,
  type LogCategory,
  type LogLevel,
  type ProgrammingModel,
} from './core-api.ts'
import { provideCoreModule } from './core-module.ts'

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
  if (!provided) provideCoreModule(coreApi)
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
  Disposable,
}

function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  const { functions } = openForRegistration('A function can only be registered during app startup.')
  const functionId = metadata.functionId ?? metadata.name
  if (functions.has(functionId)) throw new Error(`A function with id "${functionId}" has already been registered.`)
  functions.set(functionId, { metadata: { ...metadata, functionId, bindings: overTheWire(metadata.bindings) }, callback })
  return new Disposable(() => {
    openForRegistration('A function can only be disposed during app startup.').functions.delete(functionId)
  })
}

/** Bindings reach the real host as JSON, so what JSON cannot hold is lost here as well. */
function overTheWire(bindings: Record<string, BindingInfo>): Record<string, BindingInfo> {
  return JSON.parse(JSON.stringify(bindings)) as Record<string, BindingInfo>
}

function openForRegistration(refusal: string): Registry {
  if (!current || current.locked) throw new Error(refusal)
  return current
}

function registerHook(hookName: string, callback: HookCallback): Disposable {
  if (!current) throw new Error('A hook can only be registered while a function app is loaded.')
  const hooks = current.hooks.get(hookName) ?? []
  current.hooks.set(hookName, hooks)
  hooks.push(callback)
  return new Disposable(() => {
    const index = hooks.indexOf(callback)
    if (index >= 0) hooks.splice(index, 1)
  })
}
