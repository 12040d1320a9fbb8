import { type FieldKind, LOG_EVENTS, type LogEvent } from '../src/log-events.ts'
import type { LogFields, LogLevel } from '../src/log.ts'

const EVENTS: Readonly<Record<string, LogEvent>> = LOG_EVENTS

const HOLDS: Record<string, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  // JSON writes null for any other.
  number: Number.isFinite,
  flag: (value) => typeof value === 'boolean',
}

/** In what a line is not as the table of log events says; empty where it is. */
export function logLineProblems(level: LogLevel, event: string, fields: LogFields): string[] {
  const told = EVENTS[event]
  if (!told) return [`there is no log event ${event}`]
  return [
    ...(level === told.level ? [] : [`${event} is of the level ${told.level}, and not ${level}`]),
    ...Object.keys(fields)
      .filter((name) => !Object.hasOwn(told.fields, name))
      .map((name) => `${event} has no field ${name}`),
    ...Object.entries(told.fields)
      .filter(([name, kind]) => !isOf(kind, fields[name]))
      .map(([name, kind]) => `${name} of ${event} is ${kind}, and not ${JSON.stringify(fields[name])}`),
  ]
}

function isOf(kind: FieldKind, value: unknown): boolean {
  if (kind.endsWith('?') && value === undefined) return true
  return HOLDS[kind.replace('?', '')]?.(value) ?? false
}
