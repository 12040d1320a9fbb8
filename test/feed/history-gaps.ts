import { type Gap, GAP_KINDS, snapshotStartAt } from '../../src/domain/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import type { TenantStore } from '../../src/store/index.ts'

const DAY = 86_400_000
const CODES = { unknown: ["it's 404", 'timeout'], silent: ['silent', 'neverReported'], skipped: ['notOnboarded', 'removed'] } as const

/** Gaps of a made-up history: every third machine begins or ends one, or passes from one to another. */
export class HistoryGaps {
  readonly #store: TenantStore
  readonly #gaps: (Gap & { machineId: string })[] = []

  constructor(store: TenantStore) {
    this.#store = store
  }

  async write(machineIds: readonly string[], snapshotId: string, day: number): Promise<void> {
    const changed = machineIds.flatMap((machineId, index) =>
      (index + day) % 3 === 0 ? this.#change(machineId, snapshotId, index, day) : [],
    )
    await this.#store.missingKbs.writeGaps(changed)
  }

  #change(machineId: string, snapshotId: string, index: number, day: number) {
    const open = this.#gaps.find((gap) => gap.machineId === machineId && gap.toSnapshotId === null)
    if (open) open.toSnapshotId = snapshotId
    if (open && index % 2 === 0) return [open]
    const kind = GAP_KINDS[(index + day) % 4 === 0 ? 0 : index % 3] ?? 'unknown'
    const code = CODES[kind][day % 2] ?? ''
    const gap = { machineId, kind, code, fromSnapshotId: snapshotId, toSnapshotId: null, atLeast: day === 1 && index % 5 === 0 }
    this.#gaps.push(gap)
    return open ? [open, gap] : [gap]
  }

  /** As the feed shows them at the end of the newest snapshot, by its start. */
  rows(at: number): FeedRow[] {
    return this.#gaps.map(({ machineId, kind, code, fromSnapshotId, toSnapshotId, atLeast }) => {
      const until = toSnapshotId === null ? at : Date.parse(snapshotStartAt(toSnapshotId))
      return {
        machineId,
        fromSnapshotId,
        kind,
        code,
        from: snapshotStartAt(fromSnapshotId),
        to: toSnapshotId && snapshotStartAt(toSnapshotId),
        toSnapshotId,
        isOpen: toSnapshotId === null,
        days: Math.floor((until - Date.parse(snapshotStartAt(fromSnapshotId))) / DAY),
        atLeast,
      }
    })
  }
}
