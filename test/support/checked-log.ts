import { logLineProblems } from '../../dev/log-line-problems.ts'
import { createLog, type Log, type LogSink } from '../../src/log.ts'

/**
 * A log that takes no line but those of the table of log events, with their fields. One that is another fails the run of the tests as an
 * error that nobody handles: what a log throws might be caught by whoever it is about.
 */
export function checkedLog(sink: LogSink): Log {
  return createLog((level, event, fields) => {
    const problems = logLineProblems(level, event, fields)
    if (problems.length > 0) {
      const error = new Error(`A line of the log is not as src/log-events.ts says: ${problems.join('; ')}`)
      queueMicrotask(() => {
        throw error
      })
    }
    sink(level, event, fields)
  })
}
