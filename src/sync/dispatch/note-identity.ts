import { atOf } from '../../domain/index.ts'
import type { ManyTenantsServices } from '../../program.ts'
import type { TickResult } from '../tick.ts'
import type { SliceMessage } from './slice-message.ts'

/**
 * Keeps, once for all tenants, that the app's own identity gives no token, and forgets it when a slice that was to try this came without
 * that trouble.
 */
export async function noteIdentity(
  { store, outside }: ManyTenantsServices,
  { probe }: SliceMessage,
  result: TickResult,
  nowMs: number,
): Promise<void> {
  const stop = result.kind === 'more' || result.kind === 'sampled' ? result.stop : undefined
  const fault = stop?.kind === 'identity' ? stop.fault : undefined
  if (fault?.isApps) {
    outside.log.error('identity.refused', { detail: fault.detail })
    const { identitySince } = await store.tenants.app()
    await store.tenants.patchApp({ identitySince: identitySince ?? atOf(nowMs), identityDetail: fault.detail })
  } else if (probe && (result.kind === 'ended' || result.kind === 'more' || result.kind === 'sampled')) {
    await store.tenants.patchApp({ identitySince: null, identityDetail: null })
    outside.log.info('identity.restored', {})
  }
}
