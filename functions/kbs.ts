import { kbsRoute } from '../src/http/routes/kbs.ts'
import { register } from './register.ts'

register(kbsRoute)
