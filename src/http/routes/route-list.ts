import type { Endpoint } from '../../edge/endpoint.ts'
import type { RouteDescription } from '../route.ts'
import { changeSchema } from '../shapes/change.ts'
import { gapSchema } from '../shapes/gap.ts'
import { intervalSchema } from '../shapes/interval.ts'
import { kbSchema } from '../shapes/kb.ts'
import { machineSchema } from '../shapes/machine.ts'
import { snapshotRefSchema } from '../shapes/snapshot-ref.ts'
import { snapshotSchema } from '../shapes/snapshot.ts'
import { tenantSchema } from '../shapes/tenant.ts'
import { cohortRoute } from './cohort.ts'
import { cohortsRoute } from './cohorts.ts'
import { diffsSummaryRoute } from './diffs-summary.ts'
import { diffsRoute } from './diffs.ts'
import { groupsRoute } from './groups.ts'
import { healthRoute } from './health.ts'
import { kbMachinesRoute } from './kb-machines.ts'
import { kbTrendRoute } from './kb-trend.ts'
import { kbRoute } from './kb.ts'
import { kbsRoute } from './kbs.ts'
import { machineHistoryRoute } from './machine-history.ts'
import { machineMissingKbsRoute } from './machine-missing-kbs.ts'
import { machineRoute } from './machine.ts'
import { machinesRoute } from './machines.ts'
import { createOpenapiRoute } from './openapi.ts'
import { overviewRoute } from './overview.ts'
import { searchRoute } from './search.ts'
import { snapshotCountsRoute } from './snapshot-counts.ts'
import { snapshotSampleRoute } from './snapshot-sample.ts'
import { snapshotUnknownRoute } from './snapshot-unknown.ts'
import { snapshotRoute } from './snapshot.ts'
import { snapshotsRoute } from './snapshots.ts'
import { statusRoute } from './status.ts'
import { syncRoute } from './sync.ts'
import { tenantDeleteRoute } from './tenant-delete.ts'
import { tenantPutRoute } from './tenant-put.ts'
import { tenantRoute } from './tenant.ts'
import { tenantsRoute } from './tenants.ts'
import { timeToPatchRoute } from './time-to-patch.ts'
import { trendsRoute } from './trends.ts'

const described = [
  syncRoute,
  snapshotsRoute,
  snapshotRoute,
  snapshotUnknownRoute,
  snapshotSampleRoute,
  snapshotCountsRoute,
  diffsRoute,
  diffsSummaryRoute,
  overviewRoute,
  trendsRoute,
  cohortsRoute,
  cohortRoute,
  groupsRoute,
  timeToPatchRoute,
  machinesRoute,
  machineRoute,
  machineMissingKbsRoute,
  machineHistoryRoute,
  kbsRoute,
  kbRoute,
  kbTrendRoute,
  kbMachinesRoute,
  searchRoute,
  tenantsRoute,
  tenantRoute,
  tenantPutRoute,
  tenantDeleteRoute,
  statusRoute,
  healthRoute,
] as const

/** What several answers hold, by the names of the contract. */
export const namedSchemas = {
  Snapshot: snapshotSchema,
  SnapshotRef: snapshotRefSchema,
  Change: changeSchema,
  Machine: machineSchema,
  Interval: intervalSchema,
  Gap: gapSchema,
  Kb: kbSchema,
  Tenant: tenantSchema,
}

export const openapiRoute = createOpenapiRoute(described, namedSchemas)

/** Every route of the API. Each is registered by a file in functions/, which a test finds out. @forTests */
export const routes: readonly (RouteDescription & Endpoint)[] = [...described, openapiRoute]
