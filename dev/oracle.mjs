// @ts-check
// `npm run oracle`: needs nothing but Node and npm; installs what is missing, then runs dev/oracle/ with the arguments given.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'

requireSupportedNode()
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { oracle } = await import('./oracle/index.ts')
await oracle(process.argv.slice(2))
