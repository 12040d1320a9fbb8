import type { Program } from '../program.ts'
import { dispatch } from './dispatch/dispatch.ts'
import type { SliceMessage } from './dispatch/slice-message.ts'
import { reportFailure, requireReady } from './reported.ts'
import { tick } from './tick.ts'

/**
 * What the timer calls. An app that reads one tenant takes its slice; one that reads many returns the messages that are to be sent. A lost lease
 * is another tick's gain. Anything else fails the invocation, so that the host's own monitoring shows it; the next tick goes on from what was
 * written.
 */
export async function runTick(program: Program): Promise<SliceMessage[] | undefined> {
  const services = requireReady(program)
  if (!services) return undefined
  try {
    if (services.kind === 'many') return await dispatch(services)
    const result = await tick(services)
    if (result.kind === 'waiting') services.outside.log.info('tick.waiting', { until: result.until })
  } catch (error) {
    reportFailure('tick', services.outside.log, error)
  }
  return undefined
}
