import type { Damaged, Row } from './stored-rows.ts'
import type { FuzzCase } from './fuzz-case.ts'
import type { Served } from './fuzz-defender.ts'
import type { Look } from './take-look.ts'

/** What is left of a case to be judged: what was asked and answered, and the rows as they lie in the tables. */
export interface Evidence {
  fuzzCase: FuzzCase
  looks: readonly Look[]
  damaged: readonly Damaged[]
  served: readonly Served[]
  intervals: readonly IntervalRow[]
  changes: readonly Row[]
  machines: ReadonlyMap<string, Row>
  snapshots: ReadonlyMap<string, Row>
}

/** An interval as its row tells it. */
export interface IntervalRow {
  machineId: string
  kbId: string
  /** The look that opened it; -1 where none did. */
  appeared: number
  appearedReason: string
  /** The look that closed it; -1 where none did, undefined while it is open. */
  resolved: number | undefined
  resolvedReason: string
}

export function lookOf(looks: readonly Look[], snapshotId: unknown): number {
  return looks.findIndex(({ snapshotIds }) => typeof snapshotId === 'string' && snapshotIds.includes(snapshotId))
}

export function readInterval(looks: readonly Look[], row: Row): IntervalRow[] {
  const [, machineId = ''] = row.partitionKey.split('|')
  const [kbKey = '', appearedIn] = row.rowKey.split('|')
  if (row.rowKey === 'state' || appearedIn === undefined) return []
  const { resolvedSnapshotId, appearedReason, resolvedReason } = row
  const isOpen = resolvedSnapshotId === '' || resolvedSnapshotId === undefined
  return [
    {
      machineId,
      kbId: idOfKey(kbKey),
      appeared: lookOf(looks, appearedIn),
      appearedReason: String(appearedReason),
      resolved: isOpen ? undefined : lookOf(looks, resolvedSnapshotId),
      resolvedReason: String(resolvedReason),
    },
  ]
}

/** As docs tell: any character but the plain ones is a colon and four hex digits. */
export const idOfKey = (key: string) => key.replaceAll(/:([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** What is missing when a look has ended. */
export function openAfter(intervals: readonly IntervalRow[], machineId: string, look: number): string[] {
  return intervals
    .filter((interval) => interval.machineId === machineId && interval.appeared <= look)
    .filter(({ resolved }) => resolved === undefined || resolved > look)
    .map(({ kbId }) => kbId)
    .sort()
}
