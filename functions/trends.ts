import { trendsRoute } from '../src/http/routes/trends.ts'
import { register } from './register.ts'

register(trendsRoute)
