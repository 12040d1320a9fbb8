// @ts-check
// `npm run tenants`: many tenants, taken by several instances of the app.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'

requireSupportedNode()
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { tenants } = await import('./tenants/index.ts')
await tenants(process.argv.slice(2))
