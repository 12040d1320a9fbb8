import { randomBytes } from 'node:crypto'
import type { AppFunction } from './trigger.ts'
import type {
  CoreInvocationContext,
  FunctionCallback,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './core-api.ts'
import type { HostLog } from './host-log.ts'
import type { QueueSettings } from './queue-settings.ts'
import { type Registry, runHooks } from './registry.ts'
import { sendReturned } from './send-returned.ts'

/** What an invocation needs of the app it belongs to. */
export interface InvocationHost {
  registry: Registry
  model: ProgrammingModel
  queues: QueueSettings
  log: HostLog
}

export interface InvocationOutcome {
  /** What the handler returned, after hooks. */
  result: unknown
  response: InvocationResponse
}

/** A request to invoke `appFunction`, with `data` for its trigger. */
export function invocationRequest(
  appFunction: AppFunction,
  invocationId: string,
  data: InvocationRequest['inputData'][number]['data'],
  triggerMetadata: InvocationRequest['triggerMetadata'],
): InvocationRequest {
  const triggerName =
    Object.entries(appFunction.metadata.bindings).find(([, binding]) => binding.type === appFunction.trigger.type)?.[0] ?? ''
  const traceParent = `00-${invocationId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-00`
  return {
    invocationId,
    functionId: appFunction.name,
    inputData: [{ name: triggerName, data }],
    triggerMetadata,
    traceContext: { traceParent, traceState: '', attributes: {} },
  }
}

/**
 * Invokes a function as the worker does: arguments, `preInvocation` hooks, handler, `postInvocation` hooks, response; then sends what it
 * returned where its output is a queue, as the host does. Rejects with what the handler or a hook threw, and if that cannot be sent.
 * https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/eventHandlers/InvocationHandler.ts
 */
export async function invoke(host: InvocationHost, appFunction: AppFunction, request: InvocationRequest): Promise<InvocationOutcome> {
  const core = coreContext(host, appFunction, request)
  const model = await host.model.getInvocationModel(core.context)
  const { context, inputs } = await model.getArguments()
  core.setInvocationContext(context)
  const shared = { hookData: {}, appHookData: host.registry.appHookData, invocationContext: context }

  const before = { ...shared, inputs, functionCallback: appFunction.callback }
  await duringState(core.context, 'preInvocationHooks', () => runHooks(host.registry, 'preInvocation', before))
  const outcome = await duringState(core.context, 'invocation', () => runHandler(model, context, before.inputs, before.functionCallback))
  const after = { ...shared, inputs: before.inputs, ...outcome }
  await duringState(core.context, 'postInvocationHooks', () => runHooks(host.registry, 'postInvocation', after))

  if (after.error !== null && after.error !== undefined) throw toError(after.error)
  const response = await model.getResponse(context, after.result)
  if (appFunction.queueOutput) await sendReturned(appFunction.queueOutput, response.returnValue, host.queues)
  return { result: after.result, response }
}

async function runHandler(model: InvocationModel, context: unknown, inputs: unknown[], callback: FunctionCallback) {
  try {
    return { result: await model.invokeFunction(context, inputs, callback), error: null as unknown }
  } catch (error) {
    return { result: null as unknown, error: error ?? new Error('The handler threw nothing at all.') }
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`The handler threw ${String(thrown)}.`, { cause: thrown })
}

async function duringState<T>(context: CoreInvocationContext, state: CoreInvocationContext['state'], work: () => Promise<T>): Promise<T> {
  context.state = state
  try {
    return await work()
  } finally {
    context.state = undefined
  }
}

function coreContext({ registry, log }: InvocationHost, { name, metadata }: AppFunction, request: InvocationRequest) {
  let invocationContext: unknown
  const { invocationId } = request
  const write = (level: LogLevel, category: LogCategory, message: string): void => {
    const entry = { hookData: {}, appHookData: registry.appHookData, invocationContext, level, category, message }
    for (const hook of registry.hooks.get('log') ?? []) hook(entry)
    // Log hooks may change what the app wrote, not what library and host write.
    log({
      ...(category === 'user' ? { level: entry.level, message: entry.message } : { level, message }),
      category,
      functionName: name,
      invocationId,
    })
  }
  const context: CoreInvocationContext = { invocationId, request, metadata, log: write }
  return {
    context,
    setInvocationContext: (value: unknown) => {
      invocationContext = value
    },
  }
}
