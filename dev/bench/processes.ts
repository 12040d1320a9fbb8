import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { build } from '../build.mjs'
import { startServer } from '../start-server.ts'
import { isolatedEnvironment } from '../start/app-environment.ts'
import type { Counts } from '../table-service/index.ts'
import type { jobs } from './worker/jobs.ts'

type Jobs = typeof jobs
type Asked<Name extends keyof Jobs> = Parameters<Jobs[Name]> extends [unknown, ...infer Asked] ? Asked : []
type Answer<Name extends keyof Jobs> = Awaited<ReturnType<Jobs[Name]>>

export interface Worker {
  /** Resident memory when it had started and done nothing. */
  idleBytes: number
  /** One job after the other. */
  run<Name extends keyof Jobs>(name: Name, ...asked: Asked<Name>): Promise<Answer<Name>>
  close(): Promise<void>
}

/** Starts a process with the program, bundled as for Azure, and these settings; nothing of this process is in its memory or on its clock. */
export async function startWorker(settings: Record<string, string>): Promise<Worker> {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-bench-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  await build({ entry: fileURLToPath(new URL('worker/main.ts', import.meta.url)), outdir: join(folder, 'app') })
  const child = fork(join(folder, 'app/main.js'), { env: isolatedEnvironment(process.env, settings), execArgv: [] })
  const { bytes: idleBytes } = await ask(child, 'peakMemory', [])
  return {
    idleBytes,
    run: (name, ...asked) => ask(child, name, asked),
    close: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function ask<Name extends keyof Jobs>(child: ChildProcess, name: Name, asked: Asked<Name>): Promise<Answer<Name>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the worker ended (exit code ${code}) while at ${name}`))
    child.once('exit', ended)
    child.once('message', (message: { answer: Answer<Name> } | { error: string }) => {
      child.off('exit', ended)
      if ('error' in message) reject(new Error(`${name} failed in the worker: ${message.error}`))
      else resolve(message.answer)
    })
    child.send({ name, asked })
  })
}

/** Before this, nobody joins or leaves: what a fleet misses changes, and nothing else. */
const START_AFTER_NOW_MS = 50 * 86_400_000

/** A Defender without quota whose clock stands still: nothing changes until `setNow` moves it. */
export async function startSimulatorProcess({ machines, latencyMs, now }: { machines: number; latencyMs: number; now: number }) {
  const start = new Date(now + START_AFTER_NOW_MS).toISOString()
  const args = ['--machines', machines, '--latency', latencyMs, '--now', now, '--start', start, '--quota', 'none'].map(String)
  const line = z.object({ url: z.string(), tenantId: z.string(), environment: z.record(z.string(), z.string()) })
  const { said, close } = await startServer('dev/simulator/main.ts', args, line)
  const setNow = async (to: number) => {
    const answer = await fetch(`${said.url}/simulator/now`, { method: 'POST', body: JSON.stringify({ now: to }) })
    if (!answer.ok) throw new Error(`the simulator's clock did not move: ${await answer.text()}`)
  }
  return { ...said, setNow, close }
}

/** A Table service in memory, and what it has counted. */
export async function startTablesProcess() {
  const { said, close } = await startServer('dev/table-service/main.ts', [], z.object({ connectionString: z.string(), url: z.string() }))
  const counts = async () => (await (await fetch(new URL('/counts', said.url))).json()) as Counts
  return { connectionString: said.connectionString, counts, close }
}
