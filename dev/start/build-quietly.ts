import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Terminal } from './terminal.ts'

/** Bundles the functions to `dist/`, and shows what the bundler says only if that fails. */
export async function buildQuietly(terminal: Terminal): Promise<void> {
  terminal.draw(terminal.paint('dim', '  building the function app'))
  const script = fileURLToPath(new URL('../build.mjs', import.meta.url))
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  terminal.draw('')
  if (code !== 0) throw new Error(`The build failed:\n${Buffer.concat(said).toString().trim()}`)
}
