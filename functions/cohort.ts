import { cohortRoute } from '../src/http/routes/cohort.ts'
import { register } from './register.ts'

register(cohortRoute)
