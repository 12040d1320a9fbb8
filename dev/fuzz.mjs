// @ts-check
// `npm run fuzz`: needs nothing but Node and npm; installs what is missing, then runs dev/fuzz/ with the arguments given.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'

requireSupportedNode()
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { fuzz } = await import('./fuzz/index.ts')
await fuzz(process.argv.slice(2))
