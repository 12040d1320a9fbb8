// The service as its own process: `tsx dev/table-service/main.ts [behaviour as JSON]`. Writes one line of JSON when it listens,
// and ends with SIGTERM, SIGINT, or when the process that forked it ends.
import { behaviourSchema } from './behaviour.ts'
import { startTableService } from './start-table-service.ts'

const [behaviour = '{}', port = '0'] = process.argv.slice(2)
const service = await startTableService({ behaviour: behaviourSchema.parse(JSON.parse(behaviour)), port: Number(port) })

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.once(signal, () => void service.close().then(() => process.exit(0)))
console.log(JSON.stringify({ connectionString: service.connectionString, url: service.url, pid: process.pid }))
