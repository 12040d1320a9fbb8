import { snapshotUnknownRoute } from '../src/http/routes/snapshot-unknown.ts'
import { register } from './register.ts'

register(snapshotUnknownRoute)
