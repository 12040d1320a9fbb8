// Starts Azurite and then does as its argument says, for azurite.test.ts: `close` it, `forget` it, or `wait` to be killed.
import { register } from 'tsx/esm/api'

register()
const { startAzurite } = await import('../../dev/azurite.ts')
const azurite = await startAzurite()
process.send(azurite.pid)
if (process.argv[2] === 'wait') setInterval(() => {}, 60_000)
if (process.argv[2] === 'close') await azurite.close()
