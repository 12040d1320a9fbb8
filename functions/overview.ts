import { overviewRoute } from '../src/http/routes/overview.ts'
import { register } from './register.ts'

register(overviewRoute)
