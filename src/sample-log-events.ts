/** The lines about checking an export, of the table of log events. */
export const SAMPLE_LOG_EVENTS = {
  'sample.taken': {
    level: 'info',
    fields: {
      tenantId: 'text',
      snapshotId: 'text',
      due: 'number',
      n: 'number',
      moved: 'number',
      unanswered: 'number',
      share: 'number?',
      listsLike: 'text?',
      stop: 'text?',
      calls: 'number',
      milliseconds: 'number',
    },
    says: "a slice of checking an export by Defender's own answers: machines due, judged (`n`), moved and without an answer so far; the share of those judged last that agree, and which list does; why the slice stopped, nothing where the check is over",
  },
  'sample.disagrees': {
    level: 'warn',
    fields: { tenantId: 'text', snapshotId: 'text', n: 'number', share: 'number', disputed: 'number' },
    says: 'fewer than 95 % of the machines judged miss what the export says: `GET /api/snapshots/{id}/sample` names machines and KBs',
  },
  'sample.compared': {
    level: 'info',
    fields: {
      tenantId: 'text',
      snapshotId: 'text',
      compared: 'number',
      differ: 'number',
      largest: 'number',
      unanswered: 'number',
    },
    says: "our counts of machines by product and KB beside Defender's: how many were compared and differ, and by how much at most; products without an answer",
  },
  'sample.failed': {
    level: 'warn',
    fields: { tenantId: 'text', error: 'text' },
    says: 'a slice of checking an export failed; it is tried again in an hour',
  },
} as const
