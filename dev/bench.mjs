// @ts-check
// `npm run bench`: needs nothing but Node and npm; installs what is missing, builds, then runs dev/bench/ with the arguments given.
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { runStep } from './run-step.mjs'

requireSupportedNode()
ensureInstalled()
runStep('build', process.execPath, ['dev/build.mjs'])

const { register } = await import('tsx/esm/api')
register()
const { bench } = await import('./bench/index.ts')
await bench(process.argv.slice(2))
