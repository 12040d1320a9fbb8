import type { Program } from '../program.ts'
import { describeError, redactError } from '../redact-error.ts'
import { LeaseLostError } from './lease.ts'
import { tick } from './tick.ts'

/**
 * What the timer calls. What is wrong with the configuration is logged once, and left to `health` where it is broken; a lost lease is another tick's gain. Anything
 * else fails the invocation, so that the host's own monitoring shows it; the next tick goes on from what was written.
 */
export async function runTick(program: Program): Promise<void> {
  if (program.kind === 'broken') {
    if (!program.reported)
      program.outside.log.error('configuration.broken', {
        problems: program.problems.map(({ name, expected }) => `${name}: ${expected}`).join('; '),
      })
    program.reported = true
    return
  }
  const { outside, config } = program.services
  if (!program.reported)
    for (const { name, detail } of config.warnings) outside.log.warn('configuration.warning', { setting: name, detail })
  program.reported = true
  try {
    const result = await tick(program.services)
    if (result.kind === 'waiting') outside.log.info('tick.waiting', { until: result.until })
  } catch (error) {
    const lost = error instanceof LeaseLostError
    outside.log[lost ? 'warn' : 'error'](lost ? 'tick.leaseLost' : 'tick.failed', { error: describeError(error) })
    if (!lost) throw redactError(error)
  }
}
