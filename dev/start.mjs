// @ts-check
// `npm start`: needs nothing but Node and npm; installs what is missing, then runs dev/start/ with the arguments given.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'

requireSupportedNode()
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { start } = await import('./start/index.ts')
await start(process.argv.slice(2))
