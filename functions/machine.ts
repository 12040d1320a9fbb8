import { machineRoute } from '../src/http/routes/machine.ts'
import { register } from './register.ts'

register(machineRoute)
