import { diffsSummaryRoute } from '../src/http/routes/diffs-summary.ts'
import { register } from './register.ts'

register(diffsSummaryRoute)
