import { execFile } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLog, type Log, type LogFields } from '../../src/log.ts'
import type { Outside } from '../../src/outside.ts'
import { type FunctionApp, type HostLog, type Listening, loadFunctionApp } from '../host/index.ts'
import { Api } from './api.ts'
import { type Session, UserError } from './session.ts'

/** Of the repository, where the app is built and where it keeps its data. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles the functions to `dist/`; what the bundler says is told only if that fails. */
export async function buildApp(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'dev/build.mjs')]).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`The build failed:\n${`${error.stdout ?? ''}${error.stderr ?? ''}`.trim()}`, { cause: error })
  })
}

export interface ServedApp {
  app: FunctionApp
  api: Api
}

/**
 * Loads the built app, whose settings are in the environment, and serves it on 127.0.0.1. What it logs goes to a file, where it does not
 * disturb what is on the screen.
 */
export async function serveApp(
  session: Session,
  { port, logPath, append, outside }: { port: number; logPath: string; append: boolean; outside: Partial<Outside> },
): Promise<ServedApp> {
  const { log, hostLog, close } = openAppLog(logPath, append, () => (outside.clock ?? Date).now())
  session.onClose(close)
  const app = await loadFunctionApp({ main: join(root, 'dist/main.js'), log: hostLog })
  session.onClose(() => app.terminate())
  const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
  useOutside({ ...outside, log })
  const { url } = await listen(app, port)
  return { app, api: new Api(url) }
}

/** Logs of the program and of the host, one line of JSON an entry; `now` gives their time. */
function openAppLog(path: string, append: boolean, now: () => number): { log: Log; hostLog: HostLog; close: () => void } {
  mkdirSync(dirname(path), { recursive: true })
  let file: number | undefined = openSync(path, append ? 'a' : 'w')
  const write = (level: string, event: string, fields: LogFields): void => {
    if (file !== undefined) writeSync(file, `${JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })}\n`)
  }
  return {
    log: createLog(write),
    hostLog: ({ level, category, message, functionName }) => {
      if (level !== 'trace' && level !== 'debug') write(level, `host.${category}`, { functionName, message })
    },
    close: () => {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

/** Says what to do about a port that is not to be had. */
async function listen(app: FunctionApp, port: number): Promise<Listening> {
  try {
    return await app.listen({ port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const problem = code === 'EADDRINUSE' ? 'is taken by another program' : 'needs more rights than you have'
    throw new UserError(`Port ${port} ${problem}. Give another one with --port, or --port 0 for any free one.`)
  }
}
