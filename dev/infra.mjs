// @ts-check
// `npm run infra`: compiles the templates, compares them with what is committed, or writes it anew (`npm run infra -- --write`).
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'

requireSupportedNode()
ensureInstalled()

const { register } = await import('tsx/esm/api')
register()
const { infra } = await import('./infra/index.ts')
infra(process.argv.slice(2))
