import { statusRoute } from '../src/http/routes/status.ts'
import { register } from './register.ts'

register(statusRoute)
