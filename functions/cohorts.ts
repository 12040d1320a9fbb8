import { cohortsRoute } from '../src/http/routes/cohorts.ts'
import { register } from './register.ts'

register(cohortsRoute)
