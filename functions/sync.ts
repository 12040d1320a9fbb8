import { syncRoute } from '../src/http/routes/sync.ts'
import { register } from './register.ts'

register(syncRoute)
