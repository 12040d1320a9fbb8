import { tenantPutRoute } from '../src/http/routes/tenant-put.ts'
import { register } from './register.ts'

register(tenantPutRoute)
