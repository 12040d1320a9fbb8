// Starts Azurite and waits to be killed, for azurite.test.ts.
import { register } from 'tsx/esm/api'

register()
const { startAzurite } = await import('../../dev/azurite.ts')
const { pid } = await startAzurite()
process.send(pid)
setInterval(() => {}, 60_000)
