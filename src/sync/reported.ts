import type { Log } from '../log.ts'
import type { Program, Services } from '../program.ts'
import { describeError, redactError } from '../redact-error.ts'
import { LeaseLostError } from './lease.ts'

/**
 * What the program works with. What is wrong with the configuration, or hardly meant, is logged once; where it is broken there is nothing, and
 * `health` tells.
 */
export function requireReady(program: Program): Services | undefined {
  const isTold = program.reported
  program.reported = true
  if (program.kind === 'broken') {
    const problems = program.problems.map(({ name, expected }) => `${name}: ${expected}`).join('; ')
    if (!isTold) program.outside.log.error('configuration.broken', { problems })
    return undefined
  }
  const { outside, config } = program.services
  if (!isTold) for (const { name, detail } of config.warnings) outside.log.warn('configuration.warning', { setting: name, detail })
  return program.services
}

const EVENTS = {
  tick: { lost: 'tick.leaseLost', failed: 'tick.failed' },
  slice: { lost: 'slice.leaseLost', failed: 'slice.failed' },
} as const

/** Logs what an invocation failed of, and for whom; throws it again, unless another writer has the tenant. */
export function reportFailure(name: keyof typeof EVENTS, log: Log, error: unknown, tenantId?: string): void {
  const fields = { ...(tenantId !== undefined && { tenantId }), error: describeError(error) }
  if (error instanceof LeaseLostError) return log.warn(EVENTS[name].lost, fields)
  log.error(EVENTS[name].failed, fields)
  throw redactError(error)
}
