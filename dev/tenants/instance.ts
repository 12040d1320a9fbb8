import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LogFields } from '../../src/log.ts'
import type { Said } from './app-process.ts'

const ENTRY = fileURLToPath(new URL('app-process.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** How an instance of the app is started. */
export interface InstanceOptions {
  /** The built app. */
  main: string
  environment: Record<string, string | undefined>
  /** How far its clock is ahead of the wall clock. */
  aheadMs: number
  onLog: (event: string, fields: LogFields) => void
}

/** A process that takes messages. */
export interface Instance {
  /** Ends it when it has nothing in hand; how long it was busy. */
  stop(): Promise<number>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
}

/** Starts an instance; resolves when it takes messages. */
export async function startInstance({ main, environment, aheadMs, onLog }: InstanceOptions): Promise<Instance> {
  const child = fork(ENTRY, [main, String(aheadMs)], { cwd: ROOT, env: environment, execArgv: ['--import', 'tsx'] })
  let stopped: ((busyMs: number) => void) | undefined
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`an instance ended (exit code ${code}) before it was ready`)))
    child.on('message', (said: Said) => {
      if (said.kind === 'ready') resolve()
      else if (said.kind === 'log') onLog(said.event, said.fields)
      else stopped?.(said.busyMs)
    })
  })
  await ready
  return {
    stop: async () => {
      const busy = new Promise<number>((resolve) => (stopped = resolve))
      const ended = exitOf(child)
      child.send('stop')
      const busyMs = await busy
      await ended
      return busyMs
    },
    kill: async () => {
      const ended = exitOf(child)
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
