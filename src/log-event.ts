/** What a field holds; with a `?` it may be missing. */
export type FieldKind = 'text' | 'number' | 'flag' | 'text?' | 'number?' | 'flag?'

/** One kind of line in the log. */
export interface LogEvent {
  level: 'info' | 'warn' | 'error'
  fields: Readonly<Record<string, FieldKind>>
  /** What it means, for the table of docs/operate.md. */
  says: string
}
