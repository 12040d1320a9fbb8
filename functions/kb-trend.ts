import { kbTrendRoute } from '../src/http/routes/kb-trend.ts'
import { register } from './register.ts'

register(kbTrendRoute)
