import Module from 'node:module'
import type { CoreApi } from './core-api.ts'

const coreModuleName = '@azure/functions-core'

interface Requiring {
  require: (id: string) => unknown
}

/**
 * Makes CommonJS `require('@azure/functions-core')` answer with `api`, in the worker's own way: a proxy round `Module.prototype.require`.
 * A `require` made by `createRequire`, as in an ESM bundle, goes through the same method.
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/setupCoreModule.ts
 */
export function provideCoreModule(api: CoreApi): void {
  const prototype = (Module as unknown as { prototype: Requiring }).prototype
  prototype.require = new Proxy(prototype.require, {
    apply: (target, self, [id]: [string]): unknown => (id === coreModuleName ? api : Reflect.apply(target, self, [id])),
  })
}
