// A process that runs the program and nothing else; settings come from the environment, jobs and answers over IPC.
import { keepHeapLean } from '../../../src/lean-heap.ts'
import { createProgram, type OneTenantServices } from '../../../src/program.ts'
import { oneTenantOf } from '../../one-tenant.ts'
import { systemOutside } from '../../../src/system-outside.ts'
import { jobs } from './jobs.ts'
import { createLog } from '../../../src/log.ts'

keepHeapLean()

let opened: OneTenantServices | undefined
const errors = createLog((level, event, fields) => {
  if (level === 'error') console.error(JSON.stringify({ event, ...fields }))
})

/** The program as it runs in Azure, with its real credentials, its clock set to where the simulated Defender's stands; only errors are logged. */
function program(): OneTenantServices {
  if (opened) return opened
  const aheadMs = Date.parse(process.env['BENCH_NOW'] ?? '') - Date.now()
  const clock = { ...systemOutside.clock, now: () => Date.now() + aheadMs }
  const created = createProgram(process.env, { ...systemOutside, clock, log: errors })
  return (opened = oneTenantOf(created))
}

process.on('message', ({ name, asked }: { name: keyof typeof jobs; asked: unknown[] }) => {
  const job = jobs[name] as (program: () => OneTenantServices, ...asked: unknown[]) => Promise<unknown>
  void job(program, ...asked).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
