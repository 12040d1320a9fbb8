import { atOf, isFarAhead, type Snapshot, sampleDue, type TenantPatch, type TenantState, verificationOf } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { describeError } from '../../redact-error.ts'
import type { TenantStore } from '../../store/index.ts'
import { type Lease, LeaseLostError } from '../lease.ts'
import { spentLedgers, waitsForBudgetUntil } from '../slice/budgets.ts'
import type { Stop } from '../slice/stop.ts'
import { compareProducts } from './compare-products.ts'
import { SAMPLING_POLICY } from './policy.ts'
import { sampleMachines } from './sample-machines.ts'
import { type Sampler, openSampler } from './sampler.ts'
import { isOver, newSampleState, type SampleState, unpackSample } from './sample-state.ts'
import { withinShare } from './within-share.ts'
import { figuresOf, sampledPatch, writeSample } from './write-sample.ts'

/** What a slice of a sample came to; `stop` where there is more to do. */
export interface SampleResult {
  kind: 'sampled'
  stop: Stop | undefined
}

/** While a slice is under way, and longer where it is killed. */
export const beginSample = (nowMs: number): TenantPatch => ({ sampleRetryAt: atOf(nowMs + SAMPLING_POLICY.killedRetryMs) })

/**
 * One slice of checking the newest export by Defender's own answers, in ticks that have nothing else to do. It changes no interval, and no
 * machine. Lets go of the lease whatever happens; where it fails it is tried again in an hour.
 */
export async function takeSample(tenant: OpenTenant, lease: Lease, nowMs: number): Promise<SampleResult> {
  let sampler: Sampler | undefined
  try {
    const store = tenant.heldBy(lease)
    const { sampleSnapshotId } = lease.tenant
    const snapshot = await store.snapshots.get(sampleSnapshotId ?? '')
    const kept = unpackSample(await store.partial.read('sample'), sampleSnapshotId ?? '')
    // Somebody deleted it, and there is nothing to show a sample on; or it is over, and a kill left it at that.
    if (!snapshot || snapshot.sourceTime === null || (!kept && snapshot.sample?.isDone)) return await giveUp(store, lease)
    const state = kept ?? beginState(tenant, lease.tenant, snapshot, nowMs)
    sampler = openSampler(tenant, lease, snapshot, state, nowMs)
    return await sampleSlice(tenant, sampler, state, nowMs)
  } catch (error) {
    if (error instanceof LeaseLostError) throw error
    tenant.outside.log.warn('sample.failed', { tenantId: tenant.tenantId, error: describeError(error) })
    const spent = sampler && spentLedgers(sampler.budgets, lease.tenant)
    await lease.release({ ...spent, sliceOpen: false, sampleRetryAt: atOf(nowMs + SAMPLING_POLICY.retryAfterMs) })
    return { kind: 'sampled', stop: { kind: 'error' } }
  }
}

async function giveUp(store: TenantStore, lease: Lease): Promise<SampleResult> {
  await forget(store)
  await lease.release({ sliceOpen: false, sampleSnapshotId: null, sampleRetryAt: null })
  return { kind: 'sampled', stop: undefined }
}

function beginState({ config }: OpenTenant, tenant: TenantState, { snapshotId, observed }: Snapshot, nowMs: number): SampleState {
  const { sampleMinutes, sampleAfter, countsComparedAt } = tenant
  const due = sampleDue({ share: config.source.sample, machines: observed, hours: sampleMinutes / 60 })
  const agoMs = nowMs - Date.parse(countsComparedAt ?? '')
  const compares = !(agoMs < SAMPLING_POLICY.compareEveryMs) || isFarAhead(countsComparedAt, nowMs)
  return newSampleState(snapshotId, { due, after: sampleAfter, compares })
}

async function sampleSlice(tenant: OpenTenant, sampler: Sampler, state: SampleState, nowMs: number): Promise<SampleResult> {
  const { stop, calls, lease } = sampler
  const before = progressOf(state)
  if (!state.machinesDone) await sampleMachines(sampler, state)
  if (state.machinesDone && !state.countsDone) await compareProducts(sampler, state)
  state.stalledSlices = progressOf(state) === before && calls.counts.calls > 0 ? state.stalledSlices + 1 : 0
  // Who refuses the app says so in the next snapshot as well, which tells it to everybody.
  if (stop.reason?.kind === 'refused') Object.assign(state, { machinesDone: true, countsDone: true, counts: null })
  await writeSample(sampler, state)
  await lease.update({ ...sampledPatch(sampler, state), sliceOpen: false })
  if (isOver(state)) await forget(sampler.store)
  const result: SampleResult = { kind: 'sampled', stop: isOver(state) ? undefined : (stop.reason ?? { kind: 'deadline' }) }
  await lease.release({ ...after(tenant, sampler, result), ...(isOver(state) && { sampleSnapshotId: null }) })
  logSample(tenant, sampler, state, result, nowMs)
  return result
}

/** How far it is: what slices that come no further have in common. */
const progressOf = ({ turn, productsThrough, machinesDone }: SampleState) => JSON.stringify([turn, productsThrough, machinesDone])

/** What is not needed any more goes when the snapshot's row says that it is over: were it gone before, a kill would begin all anew. */
async function forget(store: TenantStore): Promise<void> {
  await store.partial.delete('sample')
  await store.partial.delete('counts')
}

/** Calls that were made had a token. What is waited for keeps the sample waiting, and no snapshot. */
function after({ config, outside }: OpenTenant, { budgets, calls, lease }: Sampler, { stop }: SampleResult): TenantPatch {
  const ledgers = spentLedgers(budgets, lease.tenant)
  const hadToken = calls.counts.calls > 0 && stop?.kind !== 'identity' && lease.tenant.identitySince !== null
  const nowMs = outside.clock.now()
  const waitsForBudget = stop?.kind === 'budget' ? stop.budget : null
  const untilMs = waitsForBudgetUntil({ ...lease.tenant, ...ledgers, waitsForBudget }, withinShare(config), nowMs)
  return {
    ...ledgers,
    ...(hadToken && { identitySince: null, identityDetail: null }),
    lastSliceAt: atOf(nowMs),
    sampleRetryAt: untilMs === undefined ? null : atOf(untilMs),
  }
}

function logSample(
  { tenantId, outside }: OpenTenant,
  { snapshot, calls, lease }: Sampler,
  state: SampleState,
  { stop }: SampleResult,
  nowMs: number,
): void {
  const { snapshotId } = snapshot
  const { n, due, moved, unanswered } = figuresOf(state)
  const verification = verificationOf(lease.tenant.recentSamples)
  const share = verification?.share
  const more = { share, listsLike: verification?.listsLike ?? undefined, stop: stop?.kind, calls: calls.counts.calls }
  outside.log.info('sample.taken', { tenantId, snapshotId, due, n, moved, unanswered, ...more, milliseconds: outside.clock.now() - nowMs })
  if (stop !== undefined) return
  if (verification?.verified === false) {
    outside.log.warn('sample.disagrees', {
      tenantId,
      snapshotId,
      n: verification.n,
      share: verification.share,
      disputed: state.disputed.length,
    })
  }
  const { counts } = state
  if (counts) {
    const { compared, differ, largest } = counts
    outside.log.info('sample.compared', { tenantId, snapshotId, compared, differ, largest, unanswered: counts.unanswered })
  }
}
