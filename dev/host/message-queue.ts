import { QueueClient, type ReceivedMessageItem, RestError } from '@azure/storage-queue'

/** A message as it was received; its text is still encoded. */
export interface ReceivedMessage {
  id: string
  text: string
  /** Deliveries so far, with this one. */
  dequeueCount: number
  popReceipt: string
  insertionTime: Date
  expirationTime: Date
  nextVisibleTime: Date
}

/** A queue, as far as the host uses it. Texts are sent and received as they are. */
export interface MessageQueue {
  readonly name: string
  /** Makes the queue where it is missing. */
  create(): Promise<void>
  /** At most `count` visible messages, hidden from then on. */
  receive(count: number, hiddenSeconds: number): Promise<ReceivedMessage[]>
  /** Sends a text; makes the queue where it is missing. */
  send(text: string): Promise<void>
  /** Whether the message is gone by this; not, if its receipt was stale. */
  remove(message: ReceivedMessage): Promise<boolean>
  /** Hides the message for that long from now on. Does nothing if its receipt was stale. */
  hide(message: ReceivedMessage, seconds: number): Promise<void>
  /** Where messages go that fail time after time. */
  poison(): MessageQueue
}

/** Makes no call. */
export function openQueue(connectionString: string, name: string): MessageQueue {
  const client = new QueueClient(connectionString, name)
  const create = async (): Promise<void> => void (await client.createIfNotExists())
  return {
    name,
    create,
    receive: async (numberOfMessages, visibilityTimeout) => {
      const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages, visibilityTimeout })
      return receivedMessageItems.map(toMessage)
    },
    send: async (text) => {
      try {
        await client.sendMessage(text)
      } catch (error) {
        if (!isRefusal(error, 404, 'QueueNotFound')) throw error
        await create()
        await client.sendMessage(text)
      }
    },
    remove: ({ id, popReceipt }) => unlessStale(() => client.deleteMessage(id, popReceipt)),
    hide: async ({ id, popReceipt }, seconds) => void (await unlessStale(() => client.updateMessage(id, popReceipt, undefined, seconds))),
    poison: () => openQueue(connectionString, `${name}-poison`),
  }
}

function toMessage({ messageId, messageText, insertedOn, expiresOn, nextVisibleOn, ...message }: ReceivedMessageItem): ReceivedMessage {
  return {
    id: messageId,
    text: messageText,
    dequeueCount: message.dequeueCount,
    popReceipt: message.popReceipt,
    insertionTime: insertedOn,
    expirationTime: expiresOn,
    nextVisibleTime: nextVisibleOn,
  }
}

/** Whether it was done; not, if another has received the message since, or it is gone. */
async function unlessStale(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    // Both the service and Azurite may say either of a receipt that a later delivery has replaced.
    if (isRefusal(error, 400, 'PopReceiptMismatch') || isRefusal(error, 404, 'MessageNotFound') || isRefusal(error, 404, 'QueueNotFound'))
      return false
    throw error
  }
}

function isRefusal(error: unknown, status: number, code: string): boolean {
  return error instanceof RestError && error.statusCode === status && error.code === code
}
