import { snapshotsRoute } from '../src/http/routes/snapshots.ts'
import { register } from './register.ts'

register(snapshotsRoute)
