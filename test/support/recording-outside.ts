import { localTime } from '../../src/defender/budget/index.ts'
import type { LogFields, Outside } from '../../src/outside.ts'

export interface RecordingOutside extends Outside {
  /** Every log line, as JSON. */
  lines: string[]
  /** Moves the clock. */
  advance(milliseconds: number): void
}

/** An outside whose clock stands still until moved, and whose log is kept. */
export function recordingOutside(startMs: number): RecordingOutside {
  let now = startMs
  const lines: string[] = []
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      lines.push(JSON.stringify({ level, event, ...fields }))
    }
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds
    },
  }
  return {
    lines,
    advance: (milliseconds) => {
      now += milliseconds
    },
    clock,
    budgetTime: localTime(clock),
    random: () => 0.5,
    log: { info: line('info'), warn: line('warn'), error: line('error') },
  }
}
