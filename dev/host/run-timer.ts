import { randomUUID } from 'node:crypto'
import type { AppFunction } from './app-function.ts'
import { type InvocationHost, invocationRequest, invoke } from './invocation.ts'

export interface TimerRun {
  /** Whether the run makes up for a missed one. Default false. */
  isPastDue?: boolean
  /** ISO 8601 instants. By default those of a timer that has never run. */
  scheduleStatus?: { last: string; next: string; lastUpdated: string }
}

const never = '0001-01-01T00:00:00+00:00'

/** Invokes a timer function. Rejects with what the handler threw. */
export async function runTimerFunction(host: InvocationHost, appFunction: AppFunction, run: TimerRun): Promise<void> {
  const { last = never, next = never, lastUpdated = never } = run.scheduleStatus ?? {}
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: last, Next: next, LastUpdated: lastUpdated },
    IsPastDue: run.isPastDue ?? false,
  }
  await invoke(host, appFunction, invocationRequest(appFunction, randomUUID(), { json: JSON.stringify(timer) }, {}))
}
