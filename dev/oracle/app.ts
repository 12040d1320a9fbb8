import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { isolatedEnvironment } from '../start/app-environment.ts'

const listening = z.object({ url: z.string() })
const moved = z.object({ now: z.number() })

/** The real program in a process of its own, on a clock that is told it. */
export class App {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  static async start(settings: Record<string, string>): Promise<App> {
    const child = fork(fileURLToPath(new URL('app-process.ts', import.meta.url)), [], {
      env: isolatedEnvironment(process.env, settings),
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const [message] = (await Promise.race([once(child, 'message'), endOf(child)])) as [unknown]
    return new App(listening.parse(message).url, child)
  }

  /** Moves its clock to an instant (ms). */
  async moveTo(at: number): Promise<void> {
    await this.#order({ at, tick: false })
  }

  /** Runs the timer at an instant (ms); the instant at which it was done, or undefined if the process was killed on the way. */
  async tick(at: number): Promise<number | undefined> {
    return this.#order({ at, tick: true })
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  /** The body of an answer, whatever its status. */
  async get(path: string): Promise<unknown> {
    const response = await fetch(this.url + path)
    return response.json()
  }

  async post(path: string): Promise<unknown> {
    const response = await fetch(this.url + path, { method: 'POST' })
    return response.json()
  }

  #order(given: { at: number; tick: boolean }): Promise<number | undefined> {
    const child = this.#child
    return new Promise((resolve) => {
      const end = (now: number | undefined) => {
        child.off('message', onMessage).off('exit', onExit)
        resolve(now)
      }
      const onMessage = (message: unknown) => end(moved.parse(message).now)
      const onExit = () => end(undefined)
      child.on('message', onMessage).on('exit', onExit)
      child.send(given)
    })
  }
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`The program ended with ${code} before it listened.`)
}
