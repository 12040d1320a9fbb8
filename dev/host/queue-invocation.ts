import { randomUUID } from 'node:crypto'
import type { InvocationRequest, TypedData } from './core-api.ts'
import { type InvocationHost, invocationRequest, invoke } from './invocation.ts'
import { type MessageQueue, openQueue, type ReceivedMessage } from './message-queue.ts'
import { toInput } from './message-text.ts'
import { connectionStringOf } from './queue-binding.ts'
import { QueueListener } from './queue-listener.ts'
import type { AppFunction, QueueTrigger } from './trigger.ts'

/** A listener for a function that a queue triggers; `alter` may stand between it and its queue. */
export function listenerOf(
  host: InvocationHost,
  appFunction: AppFunction & { trigger: QueueTrigger },
  alter: (queue: MessageQueue) => MessageQueue = (queue) => queue,
): QueueListener {
  const { name, trigger } = appFunction
  return new QueueListener({
    queue: alter(openQueue(connectionStringOf(trigger), trigger.queueName)),
    settings: host.queues,
    invoke: async (message) => void (await invoke(host, appFunction, messageRequest(appFunction, message))),
    log: (entry) => host.log({ ...entry, functionName: name }),
  })
}

function messageRequest(appFunction: AppFunction, message: ReceivedMessage): InvocationRequest {
  const { text, id, dequeueCount, popReceipt, insertionTime, expirationTime, nextVisibleTime } = message
  const metadata = {
    Id: id,
    DequeueCount: dequeueCount,
    PopReceipt: popReceipt,
    InsertionTime: insertionTime,
    ExpirationTime: expirationTime,
    NextVisibleTime: nextVisibleTime,
  }
  const asJson = Object.entries(metadata).map(([name, value]): [string, TypedData] => [name, { json: JSON.stringify(value) }])
  return invocationRequest(appFunction, randomUUID(), toInput(text), { QueueTrigger: toInput(text), ...Object.fromEntries(asJson) })
}
