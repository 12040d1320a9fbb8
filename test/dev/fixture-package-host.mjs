// The local host in a process of its own, for package.test.ts: it serves the app of an unpacked package, runs its timer when it is told to,
// and ends with its parent. The app is loaded as the worker loads it: what package.json calls `main`, by Node alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { register } from 'tsx/esm/api'

const unregister = register()
const { loadFunctionApp } = await import('../../dev/host/index.ts')
await unregister()

process.on('disconnect', () => process.exit(1))
const [, , folder] = process.argv
const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const app = await loadFunctionApp({ main: join(folder, main), log: () => undefined })
const { url } = await app.listen({ port: 0 })
process.on('message', () => void app.runTimer('tick').then(() => process.send({ url })))
process.send({ url })
