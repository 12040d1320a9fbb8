import { openapiRoute } from '../src/http/routes/route-list.ts'
import { register } from './register.ts'

register(openapiRoute)
