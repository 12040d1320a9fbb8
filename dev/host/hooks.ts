import type { Registry } from './registry.ts'

/** Runs the hooks of that name in the order they were registered, each awaited; the first that throws ends it, as in the worker. */
export async function runHooks(registry: Registry, hookName: string, context: object): Promise<void> {
  for (const hook of registry.hooks.get(hookName) ?? []) await hook(context)
}
