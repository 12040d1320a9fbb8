import { setTimeout } from 'node:timers/promises'
import { createStoreTime } from './defender/budget/index.ts'
import { createLog } from './log.ts'
import type { Outside } from './outside.ts'

/** The real world: the system's clock, and one line of JSON a log entry. */
export const systemOutside: Outside = {
  clock: { now: Date.now, sleep: async (milliseconds) => setTimeout(milliseconds) },
  budgetTime: createStoreTime(() => performance.now()),
  random: Math.random,
  log: createLog((level, event, fields) => {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
  }),
}
