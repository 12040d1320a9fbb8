import { redactText } from '../../src/redact-error.ts'
import type { LogCategory, LogLevel } from './core-api.ts'

/** One log line of the app (`user`) or of library and host (`system`). */
export interface HostLogEntry {
  level: LogLevel
  category: LogCategory
  message: string
  functionName?: string
  invocationId?: string
}

export type HostLog = (entry: HostLogEntry) => void

/** The default: what went wrong goes to standard error, the rest nowhere. */
export function logProblems(entry: HostLogEntry): void {
  if (entry.level !== 'warning' && entry.level !== 'error' && entry.level !== 'critical') return
  console.error(`[${entry.level}] ${entry.functionName ?? 'host'}: ${entry.message}`)
}

/** Logs what a function failed with, as the host does. */
export function logFailure(log: HostLog, functionName: string, error: unknown): void {
  log({ level: 'error', category: 'system', functionName, message: redactText(String(error instanceof Error ? error.stack : error)) })
}
