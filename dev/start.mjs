// @ts-check
// `npm start`: needs nothing but Node and npm; installs and builds what is missing, then runs dev/start.ts with the arguments given.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { runStep } from './run-step.mjs'

requireSupportedNode()
ensureInstalled()
runStep('build', process.execPath, ['dev/build.mjs'])

const { register } = await import('tsx/esm/api')
register()
const { start } = await import('./start.ts')
await start(process.argv.slice(2))
