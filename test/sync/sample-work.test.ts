import { describe, expect, it } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { simulatedClock } from '../../dev/simulated-clock.ts'
import type { Environment } from '../../src/config/index.ts'
import { localTime } from '../../src/defender/budget/index.ts'
import type { TenantState } from '../../src/domain/index.ts'
import { createProgram } from '../../src/program.ts'
import { waitOf } from '../../src/sync/dispatch/waiting.ts'
import { workOf } from '../../src/sync/work.ts'
import { startScriptedWorld, TENANT } from '../support/scripted-world.ts'
import { recorder } from '../support/world.ts'

const NOW = Date.parse('2026-03-02T03:00:00Z')
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString()

function configOf(environment: Environment = {}) {
  const clock = simulatedClock(NOW)
  const settings = { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true', SYNC_SCHEDULE: '0 0 2 * * *' }
  const outside = { clock, budgetTime: localTime(clock), random: () => 0.5, log: recorder([]) }
  return oneTenantOf(createProgram({ ...settings, ...environment }, outside)).config
}

describe('an export that is to be checked', () => {
  it('is what there is to do where nothing else is, and calls may be made', async () => {
    const world = await startScriptedWorld()
    const config = configOf()
    const { tenant: fresh } = await world.tenant()
    const tenant: TenantState = { ...fresh, scheduledThrough: at(-30), trendsDerived: true, sampleSnapshotId: '20260302T020000Z' }
    const kindOf = (values: Partial<TenantState>, itsConfig = config) => workOf({ ...tenant, ...values }, itsConfig, NOW).kind
    expect(kindOf({})).toBe('sample')
    expect(kindOf({ sampleRetryAt: at(-1) })).toBe('sample')
    // A clock that was wrong wrote it.
    expect(kindOf({ sampleRetryAt: at(90) })).toBe('sample')
    for (const values of [{ sampleSnapshotId: null }, { sampleRetryAt: at(1) }, { notBefore: at(1) }]) expect(kindOf(values)).toBe('idle')
    expect(kindOf({}, configOf({ EXPORT_SAMPLE: '0' }))).toBe('idle')
    expect(kindOf({ scheduledThrough: at(-120) })).toBe('slice')
    expect(kindOf({ activeSnapshotId: '20260302T025900Z' })).toBe('slice')
    expect(kindOf({ trendsDerived: false, lastEndedSnapshotId: '20260302T020000Z' })).toBe('derive')
    expect(kindOf({ leaseOwner: 'another', leaseUntil: at(1) })).toBe('busy')
    // Of many tenants it waits behind all others, and needs a token.
    expect(waitOf(tenant, config, NOW)).toEqual({ sinceMs: NOW, lastSliceMs: 0, asksDefender: true })
    expect(waitOf({ ...tenant, isDisabled: true }, config, NOW)).toBeUndefined()
  })
})
