import { kbRoute } from '../src/http/routes/kb.ts'
import { register } from './register.ts'

register(kbRoute)
