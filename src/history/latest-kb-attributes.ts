import pLimit from 'p-limit'
import type { Interval, KbRow, Store } from '../store/index.ts'

/** What Defender says of a KB. */
type KbAttributes = Pick<KbRow, 'kbName' | 'productsNames' | 'url' | 'cveAddressed'>

/** KBs read at once: enough to hide the latency of storage. A machine misses a few dozen at most. */
const READS_AT_ONCE = 16

/**
 * The intervals of a machine with their KBs as Defender described them last. An interval keeps what was said when it opened, and that may
 * have been nothing yet; it still stands where nothing newer is known. Each KB is read by its key, so that the cost is that of what is shown.
 */
export async function withLatestAttributes(
  store: Pick<Store, 'kbs'>,
  tenantId: string,
  intervals: readonly Interval[],
): Promise<Interval[]> {
  const inTurn = pLimit(READS_AT_ONCE)
  const kbIds = [...new Set(intervals.map(({ kbId }) => kbId))]
  const rows = await Promise.all(kbIds.map((kbId) => inTurn(() => store.kbs.get(tenantId, kbId))))
  const latest = new Map(kbIds.map((kbId, index) => [kbId, rows[index]]))
  return intervals.map((interval) => ({ ...interval, ...newerOf(interval, latest.get(interval.kbId)) }))
}

function newerOf(opening: KbAttributes, latest: KbAttributes | undefined): KbAttributes {
  return {
    kbName: latest?.kbName ?? opening.kbName,
    productsNames: latest && latest.productsNames.length > 0 ? latest.productsNames : opening.productsNames,
    url: latest?.url ?? opening.url,
    cveAddressed: latest?.cveAddressed ?? opening.cveAddressed,
  }
}
