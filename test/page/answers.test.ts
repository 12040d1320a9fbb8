import { describe, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type { cohortRoute } from '../../src/http/routes/cohort.ts'
import type { cohortsRoute } from '../../src/http/routes/cohorts.ts'
import type { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import type { diffsRoute } from '../../src/http/routes/diffs.ts'
import type { groupsRoute } from '../../src/http/routes/groups.ts'
import type { kbMachinesRoute } from '../../src/http/routes/kb-machines.ts'
import type { kbTrendRoute } from '../../src/http/routes/kb-trend.ts'
import type { kbRoute } from '../../src/http/routes/kb.ts'
import type { kbsRoute } from '../../src/http/routes/kbs.ts'
import type { machineHistoryRoute } from '../../src/http/routes/machine-history.ts'
import type { machineRoute } from '../../src/http/routes/machine.ts'
import type { machinesRoute } from '../../src/http/routes/machines.ts'
import type { overviewRoute } from '../../src/http/routes/overview.ts'
import type { searchRoute } from '../../src/http/routes/search.ts'
import type { snapshotUnknownRoute } from '../../src/http/routes/snapshot-unknown.ts'
import type { snapshotsRoute } from '../../src/http/routes/snapshots.ts'
import type { statusRoute } from '../../src/http/routes/status.ts'
import type { tenantRoute } from '../../src/http/routes/tenant.ts'
import type { tenantsRoute } from '../../src/http/routes/tenants.ts'
import type { trendsRoute } from '../../src/http/routes/trends.ts'
import type { Session } from '../../src/page/session-route.ts'
import type { Answers } from '../../web/data/routes.ts'
import type { Session as SessionInThePage } from '../../web/data/session.ts'

// The page reads answers by interfaces of its own, as zod is nothing that a browser should load. `npm run check` proves that each is what the
// schema of its route answers; at run time there is nothing left of it to try. The page can ask for nothing that is not in `Answers`, and a name
// without a route in this table does not compile.

type AnswerOf<R extends { responses: { 200: z.ZodType } }> = z.output<R['responses'][200]>

interface Answered {
  cohort: AnswerOf<typeof cohortRoute>
  cohorts: AnswerOf<typeof cohortsRoute>
  diffs: AnswerOf<typeof diffsRoute>
  diffsSummary: AnswerOf<typeof diffsSummaryRoute>
  groups: AnswerOf<typeof groupsRoute>
  kb: AnswerOf<typeof kbRoute>
  kbMachines: AnswerOf<typeof kbMachinesRoute>
  kbs: AnswerOf<typeof kbsRoute>
  kbTrend: AnswerOf<typeof kbTrendRoute>
  machine: AnswerOf<typeof machineRoute>
  machineHistory: AnswerOf<typeof machineHistoryRoute>
  machines: AnswerOf<typeof machinesRoute>
  overview: AnswerOf<typeof overviewRoute>
  search: AnswerOf<typeof searchRoute>
  snapshots: AnswerOf<typeof snapshotsRoute>
  snapshotUnknown: AnswerOf<typeof snapshotUnknownRoute>
  status: AnswerOf<typeof statusRoute>
  tenant: AnswerOf<typeof tenantRoute>
  tenants: AnswerOf<typeof tenantsRoute>
  trends: AnswerOf<typeof trendsRoute>
}

/** Names that the page would look for in vain, what may be left out among them, as `overview.totals.pairs`. */
type InVain<Read, Given, Path extends string = ''> = Read extends readonly (infer Row)[]
  ? InVain<Row, Given extends readonly (infer GivenRow)[] ? GivenRow : never, Path>
  : Read extends object
    ? { [Name in keyof Read & string]: InVainAt<Name, Read, Given, Path> }[keyof Read & string]
    : never
type InVainAt<Name extends keyof Read & string, Read, Given, Path extends string> = Name extends keyof Given
  ? InVain<NonNullable<Read[Name]>, NonNullable<Given[Name]>, `${Path}${Name}.`>
  : `${Path}${Name}`

describe('what the page reads', () => {
  it('is what the routes answer', () => {
    expectTypeOf<Answered>().toExtend<Answers>()
    expectTypeOf<keyof Answered>().toEqualTypeOf<keyof Answers>()
    expectTypeOf<InVain<Answers, Answered>>().toEqualTypeOf<never>()
  })

  it('is what the app tells about who asks', () => {
    expectTypeOf<Session>().toEqualTypeOf<SessionInThePage>()
  })
})
