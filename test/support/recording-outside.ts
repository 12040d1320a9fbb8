import { localTime } from '../../src/defender/budget/index.ts'
import type { Outside } from '../../src/outside.ts'
import { checkedLog } from './checked-log.ts'

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
    log: checkedLog((level, event, fields) => void lines.push(JSON.stringify({ level, event, ...fields }))),
  }
}
