import type { Program } from '../program.ts'
import { type MessageResult, takeMessage } from './dispatch/take-message.ts'
import { readSliceMessage } from './dispatch/slice-message.ts'
import { reportFailure, requireReady } from './reported.ts'

/**
 * What the queue calls for a message. What has nothing to wake is a line in the log; what fails fails the invocation, so that the host's own
 * monitoring shows it: the message then comes again, and the tenant's row says whether there is anything left of it to do.
 */
export async function runSliceMessage(program: Program, message: unknown): Promise<void> {
  const services = requireReady(program)
  if (services?.kind !== 'many') return
  const { log } = services.outside
  const tenantId = readSliceMessage(message)?.tenantId
  try {
    const result = await takeMessage(services, message)
    const without = whyNothing(result)
    if (without) log.info('message.ignored', { tenantId, ...without })
  } catch (error) {
    reportFailure('slice', log, error, tenantId)
  }
}

function whyNothing(result: MessageResult): { why: string; until?: string } | undefined {
  if (result.kind === 'ignored') return { why: result.why }
  if (result.kind === 'waiting') return { why: 'waiting', until: result.until }
  return result.kind === 'busy' ? { why: 'busy' } : undefined
}
