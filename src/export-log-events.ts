/** The lines about reading an export, of the table of log events. */
export const EXPORT_LOG_EVENTS = {
  'export.read': {
    level: 'info',
    fields: {
      tenantId: 'text?',
      snapshotId: 'text',
      generatedAt: 'text',
      files: 'number',
      rows: 'number',
      machines: 'number',
      brokenLines: 'number',
      otherIds: 'number',
    },
    says: 'an export was read to its end, of so many machines that the tenant has',
  },
  'export.fileFault': {
    level: 'warn',
    fields: { tenantId: 'text?', snapshotId: 'text', code: 'text', status: 'number?', faults: 'number' },
    says: 'a file of an export was not to be had, or not whole: asked for anew',
  },
  'export.givenUp': {
    level: 'warn',
    fields: { tenantId: 'text?', snapshotId: 'text', code: 'text' },
    says: 'there is no export to go by, and nothing is observed or closed: the snapshot fails, and says why',
  },
} as const
