import { groupsRoute } from '../src/http/routes/groups.ts'
import { register } from './register.ts'

register(groupsRoute)
