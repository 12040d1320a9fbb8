import { daysMissing, snapshotStartAt } from '../../domain/index.ts'

/** What rows say of snapshots, worked out once for each: there are millions of rows, and few snapshots. */
export class SnapshotStarts {
  readonly #texts = new Map<string, string>()
  readonly #days = new Map<string, Map<string, number>>()

  /** `20260612T020000Z` -> `2026-06-12T02:00:00Z`. */
  text(snapshotId: string): string {
    let text = this.#texts.get(snapshotId)
    if (text === undefined) this.#texts.set(snapshotId, (text = snapshotStartAt(snapshotId)))
    return text
  }

  /** The text of a snapshot's start, if there is one. */
  optionalText(snapshotId: string | null): string | null {
    return snapshotId === null ? null : this.text(snapshotId)
  }

  daysMissing(appearedSnapshotId: string, untilSnapshotId: string): number {
    let daysUntil = this.#days.get(untilSnapshotId)
    if (!daysUntil) this.#days.set(untilSnapshotId, (daysUntil = new Map<string, number>()))
    let days = daysUntil.get(appearedSnapshotId)
    if (days === undefined) daysUntil.set(appearedSnapshotId, (days = daysMissing(appearedSnapshotId, untilSnapshotId)))
    return days
  }
}
