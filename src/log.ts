import type { FieldKind, LOG_EVENTS, LogEvent } from './log-events.ts'

export type LogLevel = LogEvent['level']
/** The fields of a line, of whatever event. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

type Events = typeof LOG_EVENTS
/** The events of a level. */
export type EventOf<L extends LogLevel = LogLevel> = { [E in keyof Events]: Events[E]['level'] extends L ? E : never }[keyof Events]

/** What a field holds, by its kind. */
interface Held {
  text: string
  number: number
  flag: boolean
  'text?': string | undefined
  'number?': number | undefined
  'flag?': boolean | undefined
}
type MayMiss = Extract<FieldKind, `${string}?`>
type Fields<K extends LogEvent['fields']> = { [F in keyof K as K[F] extends MayMiss ? never : F]: Held[K[F]] } & {
  [F in keyof K as K[F] extends MayMiss ? F : never]?: Held[K[F]]
}

/** The fields of an event: no more, and none missing but those that may be. */
export type FieldsOf<E extends EventOf> = E extends EventOf
  ? [keyof Events[E]['fields']] extends [never]
    ? Record<string, never>
    : Fields<Events[E]['fields']>
  : never

/** Structured log: `event` is a fixed word, all that varies is a field. Never pass a token, a key or a connection string. */
export interface Log {
  info<E extends EventOf<'info'>>(event: E, fields: FieldsOf<E>): void
  warn<E extends EventOf<'warn'>>(event: E, fields: FieldsOf<E>): void
  error<E extends EventOf<'error'>>(event: E, fields: FieldsOf<E>): void
  /** The same log for lines about a tenant, which name it. */
  ofTenant(tenantId: string): Log
}

/** Where lines go. It need not know of events. */
export type LogSink = (level: LogLevel, event: string, fields: LogFields) => void

/** The log whose lines go to `sink`. */
export function createLog(sink: LogSink): Log {
  const at = (level: LogLevel) => (event: string, fields: LogFields) => sink(level, event, fields)
  const ofTenant = (tenantId: string) => createLog((level, event, fields) => sink(level, event, { tenantId, ...fields }))
  return { info: at('info'), warn: at('warn'), error: at('error'), ofTenant }
}
