import { setTimeout } from 'node:timers/promises'
import { createStoreTime } from './defender/budget/index.ts'
import type { LogFields, Outside } from './outside.ts'

/** The real world: the system's clock, and one line of JSON a log entry. */
export const systemOutside: Outside = {
  clock: { now: Date.now, sleep: async (milliseconds) => setTimeout(milliseconds) },
  budgetTime: createStoreTime(() => performance.now()),
  random: Math.random,
  log: {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  },
}

function write(level: string, event: string, fields?: LogFields): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
}
