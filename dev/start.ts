import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startAzurite } from './azurite.ts'
import { loadFunctionApp } from './host/index.ts'
import { parseStartOptions, startHelp, type StartOptions } from './start-options.ts'

/** What `npm start` does once everything is installed and built. Sets the exit code of the process. */
export async function start(args: string[]): Promise<void> {
  const parsed = parseStartOptions(args)
  if (parsed.kind === 'options') return demo(parsed.options)
  if (parsed.kind === 'help') console.log(startHelp)
  else console.error(`${parsed.detail}\n\n${startHelp}`)
  process.exitCode = parsed.kind === 'help' ? 0 : 2
}

/** Runs the function app of `dist/`, as it would be deployed, on local storage. */
async function demo(options: StartOptions): Promise<void> {
  const azurite = await startAzurite()
  Object.assign(process.env, { DEFENDER_TENANT_ID: options.tenantId, STORAGE_CONNECTION_STRING: azurite.connectionString })
  const app = await loadFunctionApp({ main: fileURLToPath(new URL('../dist/main.js', import.meta.url)) })
  const server = await app.listen({ port: options.port })
  console.log(`serving ${server.url}`)
  if (!options.once) await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await app.terminate()
  await azurite.close()
}
