import { z } from 'zod'
import type { RegisteredFunction } from './registry.ts'
import { resolveSettings } from './resolve-settings.ts'

const queueBinding = z.object({ queueName: z.string(), connection: z.string().min(1).default('AzureWebJobsStorage') })

/** A queue that a function reads or writes. */
export interface QueueBinding {
  queueName: string
  /** The name of the setting that holds the connection string. */
  connection: string
}

/** `%SETTING%` in the name is replaced. Throws for a name that no queue can have. */
export function readQueueBinding(functionName: string, binding: unknown): QueueBinding {
  const { queueName, connection } = queueBinding.parse(binding)
  const resolved = resolveSettings(queueName, `The queue of "${functionName}"`)
  // https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata
  if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(resolved))
    throw new Error(`"${resolved}" of "${functionName}" is not a valid queue name.`)
  return { queueName: resolved, connection }
}

/** The queue that takes what the function returns. Throws for one that takes anything else, which this host does not have. */
export function readQueueOutput({ metadata: { name, bindings } }: RegisteredFunction): QueueBinding | undefined {
  const outputs = Object.entries(bindings).filter(([, { type }]) => type === 'queue')
  if (outputs.some(([key]) => key !== '$return'))
    throw new Error(`Function "${name}" has a queue as an extra output; the local host knows only \`return\`.`)
  return outputs[0] && readQueueBinding(name, outputs[0][1])
}

/**
 * The connection string that a binding names. It is asked for only when the queue is, so that an app can be served without one. Throws if it is
 * not set: the real host also takes `<connection>__queueServiceUri` with an identity, this one does not.
 */
export function connectionStringOf({ connection, queueName }: QueueBinding): string {
  const value = process.env[connection]
  if (!value) throw new Error(`The queue "${queueName}" needs the setting ${connection}, a connection string, which is not set.`)
  return value
}
