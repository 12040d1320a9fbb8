import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Starts a server, by its file from the root of the repository, as a process of its own; what it says in its first line of JSON, and how to end it. */
export async function startServer<S extends z.ZodType>(entry: string, args: readonly string[], line: S) {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const close = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
  }
  for await (const said of createInterface({ input: child.stdout })) return { said: line.parse(JSON.parse(said)), close }
  throw new Error(`${entry} ended (exit code ${child.exitCode}) before it listened`)
}
