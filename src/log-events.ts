import { ANSWER_LOG_EVENTS } from './answer-log-events.ts'
import { EXPORT_LOG_EVENTS } from './export-log-events.ts'
import type { LogEvent } from './log-event.ts'
import { CATALOGUE_LOG_EVENTS } from './catalogue-log-events.ts'
import { SAMPLE_LOG_EVENTS } from './sample-log-events.ts'

export type { FieldKind, LogEvent } from './log-event.ts'

/**
 * Every line that the program can log. Alert rules, dashboards and docs/operate.md name events and fields of this table, and no others: who
 * renames one, or leaves one out, silences somebody's alert.
 */
export const LOG_EVENTS = {
  'slice.ended': {
    level: 'info',
    fields: {
      tenantId: 'text',
      snapshotId: 'text',
      slice: 'number',
      phase: 'text',
      status: 'text',
      stop: 'text?',
      wanted: 'number',
      observed: 'number',
      unknown: 'number',
      silent: 'number?',
      calls: 'number',
      throttled: 'number',
      retries: 'number',
      milliseconds: 'number',
    },
    says: 'how a snapshot stands: its phase, `ended` in its last slice, and its status; why the slice stopped; machines so far, and at the end how many of the observed are silent; calls, 429s, retries and time of the slice',
  },
  'slice.recovered': {
    level: 'info',
    fields: { tenantId: 'text?', snapshotId: 'text', recovered: 'number' },
    says: 'what was found committed and not written down after a kill',
  },
  ...EXPORT_LOG_EVENTS,
  'slice.machinePassedBy': {
    level: 'error',
    fields: { tenantId: 'text?', snapshotId: 'text', machineId: 'text', error: 'text' },
    says: 'a machine cannot be dealt with: what it holds, or its answer, is odd. It is unknown in this snapshot; the others go on',
  },
  'slice.outOfOrder': {
    level: 'warn',
    fields: { tenantId: 'text?', code: 'text', status: 'number?' },
    says: 'ten different machines on end had no answer: the slice ended, the next minute goes on',
  },
  'slice.leaseLost': {
    level: 'warn',
    fields: { tenantId: 'text?', error: 'text' },
    says: 'another slice of the tenant goes on',
  },
  'slice.notReleased': {
    level: 'warn',
    fields: { tenantId: 'text?', snapshotId: 'text?', error: 'text' },
    says: 'a lease could not be let go: it runs out by itself',
  },
  'slice.failed': {
    level: 'error',
    fields: { tenantId: 'text?', error: 'text' },
    says: 'a message of one of many tenants was not answered; it comes again in a minute',
  },
  'tick.waiting': {
    level: 'info',
    fields: { until: 'text' },
    says: 'a tick that only looked, and until when; half of all ticks of a snapshot',
  },
  'tick.dispatched': {
    level: 'info',
    fields: { tenants: 'number', waiting: 'number', sent: 'number', again: 'number', slicesEnded: 'number', isAppBlocked: 'flag' },
    says: "of many tenants: how many there are, wait, were sent a message, and a second one; slices that ended in the last minute; whether the app's own identity is in the way",
  },
  'tick.unreadable': {
    level: 'warn',
    fields: { tenants: 'number', first: 'text' },
    says: 'tenants whose row, or what is set for them, cannot be read, and the first of them: they are `blocked` in `GET /api/tenants`, which says why',
  },
  'tick.leaseLost': { level: 'warn', fields: { error: 'text' }, says: 'another tick goes on' },
  'tick.failed': {
    level: 'error',
    fields: { error: 'text' },
    says: 'the tick failed; the next one goes on from what was written',
  },
  'listing.failed': {
    level: 'warn',
    fields: { tenantId: 'text?', snapshotId: 'text', code: 'text', failures: 'number' },
    says: 'the machine list starts over, three times at most',
  },
  'message.ignored': {
    level: 'info',
    fields: { tenantId: 'text?', why: 'text', until: 'text?' },
    says: 'a message that had nothing to wake, and why: late, a copy, of an unknown or disabled tenant, no message of ours',
  },
  'message.poisoned': {
    level: 'error',
    fields: { tenantId: 'text?', message: 'text' },
    says: 'five deliveries of a message failed or ended in the death of the process; the tenant is sent others',
  },
  'identity.refused': {
    level: 'error',
    fields: { detail: 'text' },
    says: "the app's own identity gives no token for any tenant",
  },
  'identity.restored': { level: 'info', fields: {}, says: "the app's own identity gives tokens again" },
  'tenant.registered': {
    level: 'info',
    fields: { tenantId: 'text', isNew: 'flag', enabled: 'flag' },
    says: 'somebody with the master key added or changed a tenant',
  },
  'tenant.removed': {
    level: 'info',
    fields: { tenantId: 'text', history: 'flag' },
    says: 'somebody with the master key removed a tenant, with its history or without',
  },
  'tenant.deleting': {
    level: 'info',
    fields: { tenantId: 'text', deletedRows: 'number', isDone: 'flag' },
    says: 'rows of a history that somebody deleted went: so many so far',
  },
  'tenant.notDeleted': {
    level: 'warn',
    fields: { tenantId: 'text', error: 'text' },
    says: 'a slice of the deletion of a history failed: it goes on with the next message',
  },
  'trends.derived': {
    level: 'info',
    fields: { tenantId: 'text', isDone: 'flag', milliseconds: 'number' },
    says: 'what ended before there were trends is derived, a slice at a time',
  },
  'trends.notDerived': {
    level: 'warn',
    fields: { tenantId: 'text', error: 'text' },
    says: 'deriving what ended before there were trends failed; it is tried again in an hour',
  },
  ...SAMPLE_LOG_EVENTS,
  ...CATALOGUE_LOG_EVENTS,
  'row.damaged': {
    level: 'error',
    fields: { table: 'text', partitionKey: 'text', rowKey: 'text', properties: 'text' },
    says: 'a row that another tool wrote to, by table and keys: read as far as it can be',
  },
  'row.unreadable': {
    level: 'error',
    fields: { table: 'text', partitionKey: 'text', rowKey: 'text', properties: 'text' },
    says: 'a row that another tool wrote to, by table and keys: it cannot be read at all',
  },
  'row.refused': {
    level: 'error',
    fields: { table: 'text', partitionKey: 'text', rowKey: 'text', code: 'text' },
    says: "a row that the storage does not take, by table, keys and the service's code: it costs that row, or that machine, which is unknown then",
  },
  'defender.fault': {
    level: 'warn',
    fields: {
      tenantId: 'text?',
      operation: 'text',
      kind: 'text',
      status: 'number?',
      code: 'text',
      retryAfterSeconds: 'number?',
      target: 'text?',
    },
    says: "an answer that is none, with Defender's `target` for its support",
  },
  'defender.rowsDropped': {
    level: 'warn',
    fields: { tenantId: 'text?', operation: 'text', skip: 'number?', machineId: 'text?', dropped: 'number' },
    says: 'rows of an answer that could not be read',
  },
  'catalogue.unread': { level: 'warn', fields: { tenantId: 'text?', error: 'text' }, says: 'a snapshot was counted without facts of KBs' },
  'configuration.broken': {
    level: 'error',
    fields: { problems: 'text' },
    says: 'once a process: what is wrong with the settings, all of it; nothing is called',
  },
  'configuration.warning': {
    level: 'warn',
    fields: { setting: 'text', detail: 'text' },
    says: 'once a process: a setting that has no effect, that is none of ours, or that is risky',
  },
  ...ANSWER_LOG_EVENTS,
} as const satisfies Record<string, LogEvent>
