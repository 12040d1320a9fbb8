import { machineHistoryRoute } from '../src/http/routes/machine-history.ts'
import { register } from './register.ts'

register(machineHistoryRoute)
