import { healthRoute } from '../src/http/routes/health.ts'
import { register } from './register.ts'

register(healthRoute)
