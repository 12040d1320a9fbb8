// The built app in a process of its own, its clock at an instant: `tsx dev/bench/page-server.ts <options as JSON>`. Writes one line of JSON when it
// listens, and ends with SIGTERM.
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { localTime } from '../../src/defender/budget/index.ts'
import { createLog } from '../../src/log.ts'
import type { Outside } from '../../src/outside.ts'
import { parseJson } from '../../src/parse-json.ts'
import { loadFunctionApp } from '../host/index.ts'
import { simulatedClock } from '../simulated-clock.ts'
import { isolatedEnvironment, replaceEnvironment } from '../start/app-environment.ts'

const options = z.object({ settings: z.record(z.string(), z.string()), now: z.number() }).parse(parseJson(process.argv[2] ?? ''))
replaceEnvironment(process.env, isolatedEnvironment(process.env, options.settings))
const app = await loadFunctionApp({ main: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) })
const clock = simulatedClock(options.now)
const log = createLog((level, event, fields) => {
  if (level === 'error') console.error(JSON.stringify({ event, ...fields }))
})
const useOutside = app.exports['useOutside'] as (parts: Partial<Outside>) => void
useOutside({ clock, budgetTime: localTime(clock), log })
const { url } = await app.listen({ port: 0 })

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.terminate().then(() => process.exit(0)))
console.log(JSON.stringify({ url }))
