import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Counts } from '../table-service/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a server of `dev/` as a process of its own; what it says in its first line of JSON, and how to end it. */
async function startServer(entry: string, args: readonly string[]): Promise<{ said: unknown; close: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', `dev/${entry}/main.ts`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { said: JSON.parse(line), close: () => end(child) }
  }
  throw new Error(`${entry} ended (exit code ${child.exitCode}) before it listened`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

const simulatorLine = z.object({ url: z.string(), tenantId: z.string(), environment: z.record(z.string(), z.string()) })

export interface SimulatorProcess extends z.output<typeof simulatorLine> {
  /** Moves its clock, which stands still otherwise. */
  setNow(now: number): Promise<void>
  close(): Promise<void>
}

/** Before this, nobody joins or leaves: what a fleet misses changes, and nothing else. */
const START_AFTER_NOW_MS = 50 * 86_400_000

/** A Defender without quota whose clock stands still: nothing changes until it is moved. */
export async function startSimulatorProcess({
  machines,
  latencyMs,
  now,
}: {
  machines: number
  latencyMs: number
  now: number
}): Promise<SimulatorProcess> {
  const start = new Date(now + START_AFTER_NOW_MS).toISOString()
  const args = ['--machines', machines, '--latency', latencyMs, '--now', now, '--start', start, '--quota', 'none'].map(String)
  const { said, close } = await startServer('simulator', args)
  const line = simulatorLine.parse(said)
  const setNow = async (to: number) => {
    const answer = await fetch(`${line.url}/simulator/now`, { method: 'POST', body: JSON.stringify({ now: to }) })
    if (!answer.ok) throw new Error(`the simulator's clock did not move: ${await answer.text()}`)
  }
  return { ...line, setNow, close }
}

const tablesLine = z.object({ connectionString: z.string(), url: z.string() })

export interface TablesProcess {
  connectionString: string
  counts(): Promise<Counts>
  close(): Promise<void>
}

export async function startTablesProcess(): Promise<TablesProcess> {
  const { said, close } = await startServer('table-service', [])
  const { connectionString, url } = tablesLine.parse(said)
  const counts = async () => (await (await fetch(new URL('/counts', url))).json()) as Counts
  return { connectionString, counts, close }
}
