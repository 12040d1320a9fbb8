import { describeError, redactError } from '../redact-error.ts'
import { Claim, ClaimLostError } from './claim.ts'
import { neededMonths } from './needed-months.ts'
import { nextDueMs, nextRefreshMs } from './plan.ts'
import { retryDelayMs } from './policy.ts'
import type { Way } from './read-json.ts'
import { readUpdates } from './read-updates.ts'
import { type DocumentsRead, isDayUsedUp, refreshDocuments } from './refresh-documents.ts'
import { refreshKev } from './refresh-kev.ts'
import { type CatalogueServices, type RefreshRun, tellFault } from './refresh-run.ts'
import { writeFacts } from './write-facts.ts'

/** What a run came to; `waiting`: there was nothing to do, or another run is at it. */
export type RefreshResult = { kind: 'off' | 'waiting' | 'lost' } | ({ kind: 'refreshed' | 'failed' } & DocumentsRead)

/**
 * Refreshes the catalogue where that is due: what the timer calls every hour. It goes on where a run before it ended or died, and touches no
 * row of a tenant. A failure of the storage fails the invocation; those of the sources are waited out.
 */
export async function refreshCatalogue(services: CatalogueServices, way: Omit<Way, 'proxies'> = {}): Promise<RefreshResult> {
  const { config, store, outside, proxies } = services
  if (!config.catalogue.isOn) return { kind: 'off' }
  const nowMs = () => outside.clock.now()
  try {
    const claim = await Claim.take(store.catalogue, nowMs())
    if (!claim) return { kind: 'waiting' }
    return await refresh({ services, claim, way: { proxies, ...way }, nowMs, startedMs: nowMs() })
  } catch (error) {
    if (error instanceof ClaimLostError) {
      outside.log.warn('catalogue.claimLost', {})
      return { kind: 'lost' }
    }
    outside.log.error('catalogue.failed', { error: describeError(error) })
    throw redactError(error)
  }
}

async function refresh(run: RefreshRun): Promise<RefreshResult> {
  const { services, claim, nowMs } = run
  const kevRetryMs = (await refreshKev(run)) ?? Infinity
  const documents = await services.store.catalogue.documents()
  const list = await readUpdates(services.config.catalogue.msrcUrl, run.way)
  if ('fault' in list) {
    const failures = claim.state.listFailures + 1
    const retryMs = nowMs() + retryDelayMs(failures)
    tellFault(run, 'updates', list.fault, failures, retryMs)
    await writeFacts(run, documents)
    await end(run, Math.min(retryMs, kevRetryMs), { listFailures: failures })
    return { kind: 'failed', read: 0, failed: 0, waiting: 0 }
  }
  const { updates } = list
  const came = await refreshDocuments(run, { updates, documents, months: await neededMonths(run) })
  const facts = await writeFacts(run, documents)
  const refreshedAt = came.waiting === 0 ? new Date(nowMs()).toISOString() : claim.state.refreshedAt
  await end(run, Math.min(dueMs(run, came, nextDueMs({ updates, documents, nowMs: nowMs() })), kevRetryMs), {
    listFailures: 0,
    refreshedAt,
  })
  const { kevEntries } = claim.state
  services.outside.log.info('catalogue.refreshed', { ...came, ...facts, kevEntries, milliseconds: nowMs() - run.startedMs })
  return { kind: 'refreshed', ...came }
}

/** The next hour goes on with what is waiting, unless the day's documents are used up. */
function dueMs(run: RefreshRun, { waiting }: DocumentsRead, nextMs: number): number {
  if (isDayUsedUp(run)) return nextRefreshMs(run.nowMs())
  return waiting > 0 || run.claim.state.isUnfolded ? run.nowMs() : nextMs
}

const end = ({ claim }: RefreshRun, dueAtMs: number, patch: Parameters<Claim['write']>[0]) =>
  claim.write({ ...patch, claimedUntil: null, dueAt: new Date(dueAtMs).toISOString() })
