import type { TypedData } from './core-api.ts'
import { openQueue } from './message-queue.ts'
import { encodeText, toTexts } from './message-text.ts'
import { connectionStringOf, type QueueBinding } from './queue-binding.ts'
import type { QueueSettings } from './queue-settings.ts'

/** Sends what a function has returned to the queue that it names, in order. Nothing, and an empty array, are no message. */
export async function sendReturned(
  binding: QueueBinding,
  returned: TypedData | null | undefined,
  { messageEncoding }: QueueSettings,
): Promise<void> {
  const texts = toTexts(returned)
  if (texts.length === 0) return
  const queue = openQueue(connectionStringOf(binding), binding.queueName)
  for (const text of texts) await queue.send(encodeText(text, messageEncoding))
}
