import { snapshotRoute } from '../src/http/routes/snapshot.ts'
import { register } from './register.ts'

register(snapshotRoute)
