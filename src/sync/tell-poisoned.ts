import type { Program } from '../program.ts'
import { textForLog } from '../redact-error.ts'
import { readSliceMessage } from './dispatch/slice-message.ts'

/** What the poison queue calls: to say so is all there is to do, for the tenant's row has it sent another message. */
export function tellPoisoned({ outside }: Program, message: unknown): void {
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  outside.log.error('message.poisoned', { tenantId: readSliceMessage(message)?.tenantId, message: textForLog(text) })
}
