import { atOf } from '../../domain/index.ts'
import { openOneOfMany } from '../../open-tenant.ts'
import type { ManyTenantsServices } from '../../program.ts'
import { type ReadTenant, StoreError, UNREADABLE_TENANT } from '../../store/index.ts'
import { deleteTenant } from '../delete-tenant.ts'
import { take, type TickResult } from '../tick.ts'
import { workOf } from '../work.ts'
import { noteIdentity } from './note-identity.ts'
import { readSliceMessage, type SliceMessage } from './slice-message.ts'

/** What became of a message. */
export type MessageResult =
  | TickResult
  /** It had nothing to wake, and cost one read at most. */
  | { kind: 'ignored'; why: Ignored }
  /** Rows of a tenant that is being deleted went. */
  | { kind: 'deleting'; isDone: boolean }

/** Why a message does nothing. */
export type Ignored =
  /** Of nobody who speaks as we do. */
  | 'malformed'
  /** No such tenant, or not any more. */
  | 'unknownTenant'
  /** Its row, or what is set for it, cannot be read. */
  | 'unreadable'
  | 'disabled'
  /** A slice was taken since it was sent, or it is a copy of one that was answered. */
  | 'stale'
  | 'idle'

/**
 * Takes one slice of a tenant for a message. The tenant's row decides: a message that is late, lost or doubled, or somebody else's, is as good as
 * none. One message is answered for each time that a tick sent one.
 */
export async function takeMessage(services: ManyTenantsServices, message: unknown): Promise<MessageResult> {
  const read = readSliceMessage(message)
  if (!read) return { kind: 'ignored', why: 'malformed' }
  const row = await rowOf(services, read.tenantId)
  if (typeof row === 'string') return { kind: 'ignored', why: row }
  const { tenant } = row
  if (tenant.dispatchedAt === null) return { kind: 'ignored', why: 'stale' }
  if (tenant.deletingSince !== null) return deleteTenant(openOneOfMany(services, read.tenantId, tenant), services.store.tenants, row)
  if (tenant.isDisabled) return { kind: 'ignored', why: 'disabled' }
  return takeSliceOf(services, read, row)
}

async function takeSliceOf(services: ManyTenantsServices, message: SliceMessage, row: ReadTenant): Promise<MessageResult> {
  const opened = openOneOfMany(services, message.tenantId, row.tenant)
  if (opened.problems.length > 0) return { kind: 'ignored', why: 'unreadable' }
  const nowMs = opened.outside.clock.now()
  const work = workOf(row.tenant, opened.config, nowMs)
  if (work.kind === 'busy') return work
  if (work.kind === 'idle') return { kind: 'ignored', why: 'idle' }
  if (work.kind === 'waiting') return { kind: 'waiting', until: atOf(work.untilMs) }
  const result = await take(opened, row, work, nowMs)
  await noteIdentity(services, message, result, nowMs)
  return result
}

async function rowOf({ store }: ManyTenantsServices, tenantId: string): Promise<ReadTenant | Ignored> {
  try {
    return (await store.of(tenantId).tenant.get()) ?? 'unknownTenant'
  } catch (error) {
    if (error instanceof StoreError && error.code === UNREADABLE_TENANT) return 'unreadable'
    throw error
  }
}
