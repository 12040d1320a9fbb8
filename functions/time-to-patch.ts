import { timeToPatchRoute } from '../src/http/routes/time-to-patch.ts'
import { register } from './register.ts'

register(timeToPatchRoute)
