/** `20260612T020000Z`: the UTC start of a snapshot, to the second. Sorts by time. */
const SNAPSHOT_ID = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

/** No snapshot is older. */
export const FIRST_SNAPSHOT_ID = '20000101T000000Z'

export const SNAPSHOT_ID_LENGTH = '20260612T020000Z'.length

/** The second that an instant (ms) lies in, as an id: 2026-06-12T02:00:00.999Z -> `20260612T020000Z`. */
export function snapshotIdOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** Whether the text is the id of a second that exists. */
export function isSnapshotId(text: string): boolean {
  return SNAPSHOT_ID.test(text) && !Number.isNaN(snapshotStartMs(text)) && snapshotIdOf(snapshotStartMs(text)) === text
}

/** A snapshot id in whatever letter case it is asked for; undefined for a text that is none. */
export function readSnapshotId(text: string): string | undefined {
  const id = text.toUpperCase()
  return isSnapshotId(id) ? id : undefined
}

/** `20260612T020000Z` -> its milliseconds since the epoch. The text must be a snapshot id. */
export function snapshotStartMs(snapshotId: string): number {
  return Date.parse(snapshotStartAt(snapshotId))
}

/** `20260612T020000Z` -> `2026-06-12T02:00:00Z`, as the API shows it. */
export function snapshotStartAt(snapshotId: string): string {
  return snapshotId.replace(SNAPSHOT_ID, '$1-$2-$3T$4:$5:$6Z')
}

/** The id of a moment so many seconds after another's. */
export const snapshotIdAfter = (snapshotId: string, seconds: number) => snapshotIdOf(snapshotStartMs(snapshotId) + seconds * 1000)

/** The id of a snapshot that starts now: later than every one before it, whatever the clock says. */
export function nextSnapshotId(nowMs: number, lastSnapshotId: string | null): string {
  const id = snapshotIdOf(nowMs)
  return lastSnapshotId === null || id > lastSnapshotId ? id : snapshotIdAfter(lastSnapshotId, 1)
}
