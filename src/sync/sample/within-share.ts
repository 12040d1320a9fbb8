import type { TenantConfig } from '../../config/index.ts'
import { SAMPLING_POLICY } from './policy.ts'

/** The calls for missing KBs that a sample may make: a part of the quota, by the same ledger. */
export function withinShare(config: TenantConfig): TenantConfig {
  const part = (calls: number) => Math.max(1, Math.floor(calls * SAMPLING_POLICY.quotaShare))
  const { callsPerMinute, callsPerHour } = config.sync
  return { ...config, sync: { ...config.sync, callsPerMinute: part(callsPerMinute), callsPerHour: part(callsPerHour) } }
}
