import { describe, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type { cohortsRoute } from '../../src/http/routes/cohorts.ts'
import type { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import type { diffsRoute } from '../../src/http/routes/diffs.ts'
import type { kbRoute } from '../../src/http/routes/kb.ts'
import type { kbsRoute } from '../../src/http/routes/kbs.ts'
import type { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import type { machineRoute } from '../../src/http/routes/machine.ts'
import type { machinesRoute } from '../../src/http/routes/machines.ts'
import type { overviewRoute } from '../../src/http/routes/overview.ts'
import type { snapshotRoute } from '../../src/http/routes/snapshot.ts'
import type { snapshotsRoute } from '../../src/http/routes/snapshots.ts'
import type { tenantRoute } from '../../src/http/routes/tenant.ts'
import type { tenantsRoute } from '../../src/http/routes/tenants.ts'
import type { timeToPatchRoute } from '../../src/http/routes/time-to-patch.ts'
import type { trendsRoute } from '../../src/http/routes/trends.ts'
import type * as answers from '../../web/data/answers.ts'
import type * as figures from '../../web/data/figures.ts'

// The page reads answers by interfaces of its own, as zod is nothing that a browser should load. `npm run check` proves that each is what the
// schema of its route answers; at run time there is nothing left of it to try.

type AnswerOf<R extends { responses: { 200: z.ZodType } }> = z.output<R['responses'][200]>

describe('what the page reads of an answer', () => {
  it('is what the route answers with figures', () => {
    expectTypeOf<AnswerOf<typeof overviewRoute>>().toExtend<figures.Overview>()
    expectTypeOf<AnswerOf<typeof timeToPatchRoute>>().toExtend<figures.TimeToPatch>()
    expectTypeOf<AnswerOf<typeof trendsRoute>>().toExtend<{ ageBuckets: figures.AgeBucket[]; points: figures.TrendPoint[] }>()
    expectTypeOf<AnswerOf<typeof cohortsRoute>>().toExtend<{ cohorts: figures.Cohort[] }>()
  })

  it('is what the route answers about changes', () => {
    expectTypeOf<AnswerOf<typeof diffsRoute>>().toExtend<answers.Diff>()
    expectTypeOf<AnswerOf<typeof diffsSummaryRoute>>().toExtend<answers.Summary>()
  })

  it('is what the route answers about machines and KBs', () => {
    expectTypeOf<AnswerOf<typeof machineRoute>>().toExtend<answers.Machine>()
    expectTypeOf<AnswerOf<typeof machineHistoryRoute>>().toExtend<answers.History>()
    expectTypeOf<AnswerOf<typeof machinesRoute>>().toExtend<{ machines: answers.Machine[] }>()
    expectTypeOf<AnswerOf<typeof kbRoute>>().toExtend<answers.Kb>()
    expectTypeOf<AnswerOf<typeof kbsRoute>>().toExtend<{ kbs: answers.Kb[] }>()
  })

  it('is what the route answers about snapshots and tenants', () => {
    expectTypeOf<AnswerOf<typeof snapshotRoute>>().toExtend<answers.Snapshot>()
    expectTypeOf<AnswerOf<typeof snapshotsRoute>>().toExtend<{ snapshots: answers.Snapshot[] }>()
    expectTypeOf<AnswerOf<typeof tenantRoute>>().toExtend<answers.Tenant>()
    expectTypeOf<AnswerOf<typeof tenantsRoute>>().toExtend<{ tenants: answers.Tenant[] }>()
  })
})
