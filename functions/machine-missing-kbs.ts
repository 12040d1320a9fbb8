import { machineMissingKbsRoute } from '../src/http/routes/machine-missing-kbs.ts'
import { register } from './register.ts'

register(machineMissingKbsRoute)
