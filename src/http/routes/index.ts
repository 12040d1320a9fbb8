import type { RouteDescription } from '../route.ts'
import { snapshotSchema } from '../shapes/snapshot.ts'
import { healthRoute } from './health.ts'
import { createOpenapiRoute } from './openapi.ts'
import { snapshotRoute } from './snapshot.ts'
import { snapshotUnknownRoute } from './snapshot-unknown.ts'
import { snapshotsRoute } from './snapshots.ts'
import { syncRoute } from './sync.ts'

const described = [syncRoute, snapshotsRoute, snapshotRoute, snapshotUnknownRoute, healthRoute] as const

/** What several answers hold, by the names of the contract. */
export const namedSchemas = { Snapshot: snapshotSchema }

export const openapiRoute = createOpenapiRoute(described, namedSchemas)

/** Every HTTP route of the program. */
export const routes: readonly RouteDescription[] = [...described, openapiRoute]

export { healthRoute, snapshotRoute, snapshotUnknownRoute, snapshotsRoute, syncRoute }
