import { tenantDeleteRoute } from '../src/http/routes/tenant-delete.ts'
import { register } from './register.ts'

register(tenantDeleteRoute)
