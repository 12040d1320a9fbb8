import { z } from 'zod'
import { cohortOf, countOf } from '../../domain/index.ts'
import { Deadlines } from '../../history/deadlines.ts'
import { defineRoute } from '../define-route.ts'
import { kbIdPathParameter, query } from '../parameter.ts'
import { requireKb, requireLatest } from '../resolve.ts'
import { outcomesShape, cohortMonth, toOutcomes } from '../shapes/cohort.ts'
import { kbSchema, toKb } from '../shapes/kb.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'

const shown = z.object({
  asOf: snapshotRefSchema,
  ...kbSchema.shape,
  cohort: cohortMonth.describe('The month of its Patch Tuesday.'),
  outcomes: z
    .object(outcomesShape)
    .nullable()
    .describe('What became of its pairs: missing and all reasons add up to opened; null until it was counted.'),
})

export const kbRoute = defineRoute({
  name: 'kb',
  method: 'GET',
  path: 'kbs/{kbId}',
  summary: 'One KB, and what became of it on all machines that ever missed it.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({ kbId: kbIdPathParameter }),
  responses: { 200: shown },
  async handle(opened, { params }) {
    const [kb, { asOf }] = await Promise.all([requireKb(opened, params.kbId), requireLatest(opened)])
    const deadlines = new Deadlines(opened)
    await deadlines.describe([kb])
    const { outcomes } = kb
    // A snapshot that has counted, and not ended, is nobody's yet.
    const pairs = outcomes && (outcomes.snapshotId > asOf.snapshotId ? outcomes.before : outcomes)
    const missing = pairs && pairs.opened - countOf(pairs.became)
    return {
      status: 200,
      json: {
        asOf: toSnapshotRef(asOf),
        ...toKb(kb, deadlines.facts(kb.kbId)),
        machinesMissing: missing ?? kb.machinesMissing,
        cohort: kb.cohort ?? cohortOf(kb),
        outcomes: pairs && missing !== null ? toOutcomes({ ...pairs, missing }) : null,
      },
    }
  },
})
