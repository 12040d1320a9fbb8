import { fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { isolatedEnvironment } from '../../dev/start/app-environment.ts'

/** The app of an unpacked package, served by the local host in a process that knows no other. */
export interface PackageProcess {
  url: string
  /** Runs the timer once; rejects if the process ends. */
  tick(): Promise<void>
}

const message = z.object({ url: z.url() })

/** Starts it in that folder, with those settings. Rejects, with what the process wrote, if the app does not load. Ends with the test. */
export async function startPackage(folder: string, settings: Record<string, string>): Promise<PackageProcess> {
  // Either could bring in what the package has not.
  const { NODE_PATH: _path, NODE_OPTIONS: _options, ...shell } = process.env
  const env = isolatedEnvironment(shell, { FUNCTIONS_WORKER_RUNTIME: 'node', ...settings })
  const child = fork(new URL('fixture-package-host.mjs', import.meta.url), [folder], { cwd: folder, env, execArgv: [], silent: true })
  const closed = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const failed = closed.then(() => Promise.reject(new Error(`The package's process ended:\n${output.trim()}`)))
  const answered = async () => message.parse((await Promise.race([once(child, 'message'), failed]))[0])
  const { url } = await answered()
  return {
    url,
    async tick() {
      const answer = answered()
      child.send('tick')
      await answer
    },
  }
}
