import { snapshotCountsRoute } from '../src/http/routes/snapshot-counts.ts'
import { register } from './register.ts'

register(snapshotCountsRoute)
