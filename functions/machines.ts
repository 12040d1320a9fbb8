import { machinesRoute } from '../src/http/routes/machines.ts'
import { register } from './register.ts'

register(machinesRoute)
