import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { on, once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { z } from 'zod'

export interface Azurite {
  /** For `STORAGE_CONNECTION_STRING` or `TableClient.fromConnectionString(…, { allowInsecureConnection: true })`; with queues, for theirs too. */
  connectionString: string
  /** The table endpoint, with the account name. */
  url: string
  pid: number
  /** Moves its clock forward: hidden messages come back, what expires expires. */
  advance(milliseconds: number): Promise<void>
  /** Ends the process; with a `location`, after its data is on disk. */
  close(): Promise<void>
}

/** The account that Azurite and every Storage emulator before it has: public, and good for nothing else. https://aka.ms/azurite#default-storage-account */
const account = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
}

const readyMessage = z.object({ tables: z.url(), queues: z.url().optional() })
const advancedMessage = z.object({ advanced: z.string() })

/**
 * Starts Azurite's table service, and with `queues` its queue service as well, each on a free loopback port. It ends with `close()`, and also
 * when this process ends, killed or not. Without `location` all data is in memory. Rejects, with what Azurite wrote, if it does not start.
 */
export async function startAzurite({ location, queues = false }: { location?: string; queues?: boolean } = {}): Promise<Azurite> {
  if (location !== undefined) mkdirSync(location, { recursive: true })
  const child = fork(
    new URL('azurite-process.mjs', import.meta.url),
    [queues ? 'queues' : 'tables', ...(location === undefined ? [] : [location])],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: withoutSettings(process.env) },
  )
  const ready = readyMessage.parse(await firstMessage(child))
  // Neither the channel nor the pipes may keep a program alive that has forgotten to close.
  child.unref()
  child.channel?.unref()
  for (const pipe of [child.stdout, child.stderr] as (Socket | null)[]) pipe?.unref()
  const url = `${ready.tables}/${account.name}`
  const queueEndpoint = ready.queues === undefined ? '' : `QueueEndpoint=${ready.queues}/${account.name};`
  return {
    url,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account.name};AccountKey=${account.key};TableEndpoint=${url};${queueEndpoint}`,
    pid: child.pid ?? NaN,
    advance: (milliseconds) => advance(child, milliseconds),
    close: () => end(child),
  }
}

/** Resolves when the clock has been moved: a request made after that meets the new time. */
async function advance(child: ChildProcess, milliseconds: number): Promise<void> {
  if (milliseconds < 0) throw new Error(`A clock cannot be advanced by ${milliseconds} ms.`)
  const id = randomUUID()
  const messages = on(child, 'message', { close: ['exit'] }) as AsyncIterable<[unknown]>
  // Here the answer is waited for, which an unreferenced child would not keep the program alive for.
  child.channel?.ref()
  try {
    child.send({ id, advance: milliseconds })
    for await (const [message] of messages) if (advancedMessage.safeParse(message).data?.advanced === id) return
    throw new Error('Azurite ended before its clock was moved.')
  } finally {
    child.channel?.unref()
  }
}

/** `AZURITE_ACCOUNTS` would replace the account, and credentials for Azure are none of its business. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AZURE|AZURITE)_/i.test(name)))
}

async function firstMessage(child: ChildProcess): Promise<unknown> {
  const written: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => written.push(text))
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      // Read on, so that a full pipe never stops Azurite; what it writes from here on is of no use.
      for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume()
      resolve(message)
    })
    child.once('error', (error) => reject(new Error('Azurite could not be started.', { cause: error })))
    child.once('close', (code) => reject(new Error(`Azurite ended with exit code ${code} before it listened:\n${written.join('').trim()}`)))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // Here it is waited for, which an unreferenced child would not keep the program alive for.
  child.ref()
  const exited = once(child, 'exit')
  child.disconnect()
  await exited
}
