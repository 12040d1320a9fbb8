import { pageSignIn } from '../src/config/index.ts'
import { pageDataRoute, pageSessionRoute, pageShellRoute, pageSyncRoute } from '../src/page/index.ts'
import { register } from './register.ts'

// The host has to be told who may ask before anything is checked. Without a page there is no route of it.
const signIn = pageSignIn(process.env)
if (signIn !== 'off') {
  register(pageShellRoute)
  register(pageSessionRoute(signIn))
  register(pageDataRoute(signIn))
}
if (signIn === 'entra') register(pageSyncRoute)
