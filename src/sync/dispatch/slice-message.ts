import { z } from 'zod'
import { readTenantId } from '../../domain/index.ts'

/** The queue between the tick and the slices: of the app's own storage account. */
export const SLICE_QUEUE = { queueName: 'patchtrail-slices', connection: 'AzureWebJobsStorage' } as const

/** Where the host moves a message that it has delivered in vain `maxDequeueCount` times: five, in host.json. */
export const POISON_QUEUE = { ...SLICE_QUEUE, queueName: `${SLICE_QUEUE.queueName}-poison` } as const

/** What a tick sends for a tenant. It carries no work: the tenant's row says what there is to do, whenever it arrives. */
export interface SliceMessage {
  tenantId: string
  /** When it was sent. */
  at: string
  /** It tries whether the app's own identity gives tokens again. */
  probe?: boolean | undefined
}

const sliceMessage = z.object({ tenantId: z.string(), at: z.string(), probe: z.boolean().optional() })

/** A message as the queue brought it; undefined for one that no tick of ours sent. */
export function readSliceMessage(message: unknown): SliceMessage | undefined {
  const read = sliceMessage.safeParse(message)
  const tenantId = read.success ? readTenantId(read.data.tenantId) : undefined
  return read.success && tenantId !== undefined ? { ...read.data, tenantId } : undefined
}
