import { tenantsRoute } from '../src/http/routes/tenants.ts'
import { register } from './register.ts'

register(tenantsRoute)
