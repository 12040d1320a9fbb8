import { kbMachinesRoute } from '../src/http/routes/kb-machines.ts'
import { register } from './register.ts'

register(kbMachinesRoute)
