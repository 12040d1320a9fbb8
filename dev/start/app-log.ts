import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log, LogFields } from '../../src/outside.ts'
import type { HostLog } from '../host/index.ts'

export interface AppLog {
  path: string
  /** For the program: one line of JSON an entry. */
  log: Log
  /** For the local host: what it and the functions' library say. */
  hostLog: HostLog
  close(): void
}

/** Writes the app's log to a file, where it does not disturb what is on the screen. `now` gives the time of an entry. */
export function openAppLog(path: string, { append, now }: { append: boolean; now: () => number }): AppLog {
  mkdirSync(dirname(path), { recursive: true })
  let file: number | undefined = openSync(path, append ? 'a' : 'w')
  const write = (level: string, event: string, fields?: LogFields): void => {
    if (file !== undefined) writeSync(file, `${JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })}\n`)
  }
  return {
    path,
    log: {
      info: (event, fields) => write('info', event, fields),
      warn: (event, fields) => write('warn', event, fields),
      error: (event, fields) => write('error', event, fields),
    },
    hostLog: ({ level, category, message, functionName }) => {
      if (level !== 'trace' && level !== 'debug') write(level, `host.${category}`, { functionName, message })
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
