import type { BindingInfo, FunctionCallback, FunctionMetadata } from './core-api.ts'
import type { Trigger } from './trigger.ts'

/** A function of the loaded app. */
export interface AppFunction {
  name: string
  trigger: Trigger
  bindings: Record<string, BindingInfo>
  metadata: FunctionMetadata
  callback: FunctionCallback
}
