import type { HttpRequest } from '@azure/functions'
import { ProblemError } from './problem.ts'

/** Far above what any route takes: whoever sends more has taken this for something else. */
const MOST_BYTES = 65_536

/**
 * Waits for the end of a request's body before anything is done for it: with HTTP streams the host calls a function as soon as the head is
 * there, and a request that never came to its end must not do anything. Resolves to what is in it.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference-node#http-streams
 */
export async function requireWholeBody(body: HttpRequest['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  if (body === null) return Buffer.concat(chunks)
  // A stream that is left early by `for await` takes the connection with it, and the refusal could not be told.
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  let bytes = 0
  for (let chunk = await read(reader); chunk !== undefined; chunk = await read(reader)) {
    bytes += chunk.length
    chunks.push(chunk)
    if (bytes > MOST_BYTES) {
      // What is still on its way is let in and dropped: who sends it would else see its connection break, and no answer.
      void drop(reader)
      throw new ProblemError('bodyTooLarge', `The body of a request may have ${MOST_BYTES} bytes; nothing is read from it.`)
    }
  }
  return Buffer.concat(chunks)
}

async function drop(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done) continue
  } catch {
    // It broke off, which is nobody's business any more.
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value
  } catch (cause) {
    throw Object.assign(new ProblemError('brokenBody', 'The body of the request ended before it was whole.'), { cause })
  }
}
