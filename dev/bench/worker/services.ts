import { createProgram, type Services } from '../../../src/program.ts'
import { systemOutside } from '../../../src/system-outside.ts'

let services: Services | undefined

const quiet = () => undefined

/** The program as it runs in Azure, with its real credentials, its clock set to where the simulated Defender's stands; only errors are logged. */
export function openServices(): Services {
  if (services) return services
  const aheadMs = Date.parse(process.env['BENCH_NOW'] ?? '') - Date.now()
  const clock = { ...systemOutside.clock, now: () => Date.now() + aheadMs }
  const program = createProgram(process.env, { ...systemOutside, clock, log: { ...systemOutside.log, info: quiet, warn: quiet } })
  if (program.kind === 'broken') throw new Error(JSON.stringify(program.problems))
  return (services = program.services)
}
