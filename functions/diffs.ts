import { diffsRoute } from '../src/http/routes/diffs.ts'
import { register } from './register.ts'

register(diffsRoute)
