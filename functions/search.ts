import { searchRoute } from '../src/http/routes/search.ts'
import { register } from './register.ts'

register(searchRoute)
