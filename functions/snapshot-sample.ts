import { snapshotSampleRoute } from '../src/http/routes/snapshot-sample.ts'
import { register } from './register.ts'

register(snapshotSampleRoute)
