import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'

export interface StartProcess {
  /** What it has written so far, standard error included. */
  readonly output: string
  /** Resolves when that text is in the output; rejects if the process ends without it. */
  says(text: string): Promise<unknown>
  /** Its exit code; undefined if a signal ended it. */
  exited: Promise<number | undefined>
  signal(name: NodeJS.Signals): void
  /** Ids of the processes that it has started, and those that they have. */
  descendants(): number[]
}

/** Runs `npm start -- …args` without npm in the way. */
export function spawnStart(args: string[], environment: Record<string, string | undefined> = {}): StartProcess {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const child = spawn(process.execPath, ['dev/start.mjs', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const exited = once(child, 'close').then(([code]) => (code as number | null) ?? undefined)
  onTestFinished(() => end(child, exited))
  const process_: StartProcess = {
    get output() {
      return output
    },
    says: (text) => vi.waitUntil(() => output.includes(text) || failIfEnded(child, text, output), { timeout: 120_000, interval: 50 }),
    exited,
    signal: (name) => void child.kill(name),
    descendants: () => descendantsOf(child.pid ?? 0),
  }
  return process_
}

function failIfEnded(child: ChildProcess, text: string, output: string): false {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended without saying "${text}":\n${output}`)
  return false
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await exited
}

function descendantsOf(processId: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number))
  const childrenOf = (parent: number): number[] => pairs.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid, ...childrenOf(pid)] : []))
  return childrenOf(processId)
}

export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
