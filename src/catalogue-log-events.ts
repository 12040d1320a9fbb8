import type { LogEvent } from './log-event.ts'

/** Lines about the refreshing of public facts about KBs: part of LOG_EVENTS. */
export const CATALOGUE_LOG_EVENTS = {
  'catalogue.refreshed': {
    level: 'info',
    fields: {
      read: 'number',
      failed: 'number',
      waiting: 'number',
      kbs: 'number',
      changed: 'number',
      kevEntries: 'number',
      milliseconds: 'number',
    },
    says: 'public facts about KBs: documents read, failed, and left for the next hour or day; KBs there are facts of, where they were made anew, and of how many they are new or changed',
  },
  'catalogue.fault': {
    level: 'warn',
    fields: { source: 'text', code: 'text', detail: 'text', failures: 'number', retryAt: 'text' },
    says: 'a public source gave no answer that can be used, how often on end, and when it is asked again: a document by its id, `updates` or `kev`. What was known stays',
  },
  'catalogue.leftOut': {
    level: 'warn',
    fields: { source: 'text', unreadable: 'number' },
    says: 'parts of a document that could not be read',
  },
  'catalogue.lost': {
    level: 'warn',
    fields: { documents: 'text' },
    says: 'what was kept of these documents cannot be read any more: they are read again, and the facts stay until then',
  },
  'catalogue.claimLost': { level: 'warn', fields: {}, says: 'another run refreshes the catalogue' },
  'catalogue.failed': {
    level: 'error',
    fields: { error: 'text' },
    says: 'refreshing the catalogue failed for the storage; the next hour goes on. No snapshot depends on it',
  },
} as const satisfies Record<string, LogEvent>
