/** `20260612T020000Z`: the UTC start of a snapshot, to the second. Sorts by time. */
const SNAPSHOT_ID = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

/** 2026-06-12T02:00:00.000Z -> `20260612T020000Z`; milliseconds are cut off. */
export function snapshotIdOf(start: Date): string {
  return `${start.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** Whether the text is the id of a moment that exists. */
export function isSnapshotId(text: string): boolean {
  return SNAPSHOT_ID.test(text) && !Number.isNaN(Date.parse(toIso(text))) && snapshotIdOf(new Date(toIso(text))) === text
}

/** `20260612T020000Z` -> 2026-06-12T02:00:00.000Z. The text must be a snapshot id. */
export function snapshotStart(snapshotId: string): Date {
  return new Date(toIso(snapshotId))
}

/** `20260612T020000Z` -> `2026-06-12T02:00:00Z`, as the API shows it. */
export function snapshotStartText(snapshotId: string): string {
  return toIso(snapshotId)
}

const toIso = (snapshotId: string) => snapshotId.replace(SNAPSHOT_ID, '$1-$2-$3T$4:$5:$6Z')

export const addSeconds = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000)

/** The id of a snapshot that starts now: later than every one before it, whatever the clock says. */
export function nextSnapshotId(now: number, lastSnapshotId: string): string {
  const id = snapshotIdOf(new Date(now))
  return id > lastSnapshotId ? id : snapshotIdOf(addSeconds(snapshotStart(lastSnapshotId), 1))
}
