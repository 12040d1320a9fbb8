import { feedRoute } from '../src/feed/index.ts'
import { register } from './register.ts'

register(feedRoute)
