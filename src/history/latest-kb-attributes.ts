import pLimit from 'p-limit'
import { type Interval, renewedKb } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'

/** KBs read at once: enough to hide the latency of storage. A machine misses a few dozen at most. */
const READS_AT_ONCE = 16

/**
 * The intervals of a machine with their KBs as Defender described them last. An interval keeps what was said when it opened, and that may
 * have been nothing yet; it still stands where nothing newer is known. Each KB is read by its key, so that the cost is that of what is shown.
 */
export async function withLatestAttributes(store: Pick<TenantStore, 'kbs'>, intervals: readonly Interval[]): Promise<Interval[]> {
  const inTurn = pLimit(READS_AT_ONCE)
  const kbIds = [...new Set(intervals.map(({ kbId }) => kbId))]
  const rows = await Promise.all(kbIds.map((kbId) => inTurn(() => store.kbs.get(kbId))))
  const latest = new Map(kbIds.map((kbId, index) => [kbId, rows[index]]))
  return intervals.map((interval) => ({ ...interval, ...renewedKb(interval, latest.get(interval.kbId) ?? interval) }))
}
