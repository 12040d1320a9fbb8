import { z } from 'zod'

/** How queues are read and written: `extensions.queues` of host.json, with the defaults of the real host. */
export interface QueueSettings {
  /** Messages that are received at once. */
  batchSize: number
  /** More are received as soon as no more than this are in flight. */
  newBatchThreshold: number
  /** For how long a message is hidden after a function has failed at it; it says nothing of how long it is hidden while one runs. */
  visibilityTimeoutSeconds: number
  /** After that many deliveries a message that fails is moved away. */
  maxDequeueCount: number
  messageEncoding: 'base64' | 'none'
}

const timeSpan = z
  .string()
  .regex(/^\d{2}:[0-5]\d:[0-5]\d$/, 'expected hh:mm:ss')
  .transform((text) => text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0))

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json */
export const queueSettings = z
  .object({
    batchSize: z.int().min(1).max(32).default(16),
    // Half a batch on one core; instances of Flex Consumption above 2 GB have more cores, and then more in flight.
    newBatchThreshold: z.int().min(0).optional(),
    visibilityTimeout: timeSpan.default(0),
    maxDequeueCount: z.int().min(1).default(5),
    messageEncoding: z.enum(['base64', 'none']).default('base64'),
  })
  .transform(({ visibilityTimeout, newBatchThreshold, ...settings }): QueueSettings => ({
    ...settings,
    newBatchThreshold: newBatchThreshold ?? Math.floor(settings.batchSize / 2),
    visibilityTimeoutSeconds: visibilityTimeout,
  }))
