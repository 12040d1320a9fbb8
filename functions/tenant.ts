import { tenantRoute } from '../src/http/routes/tenant.ts'
import { register } from './register.ts'

register(tenantRoute)
