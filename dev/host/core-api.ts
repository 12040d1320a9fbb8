/**
 * The part of `@azure/functions-core` that `@azure/functions` 4.16 uses. The module is built into the Functions Node worker and is not on npm.
 * Source: https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/types-core/index.d.ts
 */
export interface CoreApi {
  version: string
  hostVersion: string
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): void
  registerHook(hookName: string, callback: HookCallback): { dispose(): void }
  setProgrammingModel(model: ProgrammingModel): void
  getProgrammingModel(): ProgrammingModel | undefined
  log(level: LogLevel, category: LogCategory, message: string): void
}

export type FunctionCallback = (...inputs: unknown[]) => unknown
export type HookCallback = (context: object) => unknown
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none'
export type LogCategory = 'user' | 'system' | 'customMetric'

export interface FunctionMetadata {
  name: string
  functionId?: string
  /** By name; a trigger carries its options (`schedule`, `route`, …) beside its type. */
  bindings: Record<string, { type?: string; [option: string]: unknown }>
}

export interface ProgrammingModel {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>
  getCapabilities?(capabilities: Record<string, string>): Record<string, string> | Promise<Record<string, string>>
}

export interface CoreInvocationContext {
  invocationId: string
  request: InvocationRequest
  metadata: FunctionMetadata
  state?: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation' | undefined
  log(level: LogLevel, category: LogCategory, message: string): void
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>
}

export interface InvocationRequest {
  invocationId: string
  functionId: string
  inputData: { name: string; data: TypedData }[]
  triggerMetadata: Record<string, TypedData>
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> }
}

export interface InvocationResponse {
  returnValue?: TypedData | null
}

/** One value on the wire between host and worker; exactly one property is set. */
export interface TypedData {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number
  double?: number
  http?: HttpData
}

export interface HttpData {
  method?: string
  url?: string
  nullableHeaders?: Record<string, { value: string }>
  nullableParams?: Record<string, { value: string }>
  nullableQuery?: Record<string, { value: string }>
  body?: TypedData | null
  statusCode?: string
  headers?: Record<string, string>
  cookies?: object[]
}
