import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'

export interface Azurite {
  /** For `STORAGE_CONNECTION_STRING` or `TableClient.fromConnectionString(…, { allowInsecureConnection: true })`. */
  connectionString: string
  /** The table endpoint, with the account name. */
  url: string
  pid: number
  /** Ends the process; with a `location`, after its data is on disk. */
  close(): Promise<void>
}

/** The account that Azurite and every Storage emulator before it has: public, and good for nothing else. https://aka.ms/azurite#default-storage-account */
const account = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
}

const readyMessage = z.object({ url: z.url() })

/**
 * Starts Azurite's table service on a free loopback port. It ends with `close()`, and also when this process ends, killed or not.
 * Without `location` all tables are in memory. Rejects, with what Azurite wrote, if it does not start.
 */
export async function startAzurite({ location }: { location?: string } = {}): Promise<Azurite> {
  if (location !== undefined) mkdirSync(location, { recursive: true })
  const child = fork(
    new URL('azurite-process.mjs', import.meta.url),
    location === undefined ? [] : [join(location, '__azurite_db_table__.json')],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: withoutSettings(process.env) },
  )
  const { url } = readyMessage.parse(await firstMessage(child))
  // Neither the channel nor the pipes may keep a program alive that has forgotten to close.
  child.unref()
  child.channel?.unref()
  for (const pipe of [child.stdout, child.stderr] as (Socket | null)[]) pipe?.unref()
  const endpoint = `${url}/${account.name}`
  return {
    url: endpoint,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account.name};AccountKey=${account.key};TableEndpoint=${endpoint};`,
    pid: child.pid ?? NaN,
    close: () => end(child),
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
