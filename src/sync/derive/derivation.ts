import { z } from 'zod'
import { APPEARED_REASONS, DerivedTrends, type Kb, type KbSums, RESOLVED_REASONS, type Snapshot, TrendCounter } from '../../domain/index.ts'
import { parseJson } from '../../parse-json.ts'
import type { TenantStore } from '../../store/index.ts'
import type { Lease } from '../lease.ts'
import type { StopRule } from '../slice/stop.ts'
import { packedPoint, stringify } from '../totals/packed-sums.ts'

/** What a slice of the derivation works with. */
export interface DerivationPorts {
  store: TenantStore
  lease: Lease
  stop: StopRule
  kbs: readonly Kb[]
  snapshots: readonly Snapshot[]
}

/** How far the trends of before are derived: all snapshots up to one, from machines up to one, written down up to a KB. */
export interface Derivation {
  upToSnapshotId: string
  machine: string | null
  machinesDone: boolean
  writtenKb: string | null
  trends: DerivedTrends
}

/** Counts in the order of the reasons: a history has tens of thousands of them. Of an older version, with other reasons, none is taken. */
const countsBy = (reasons: readonly string[]) => z.array(z.number().int()).length(reasons.length)
const resolved = countsBy(RESOLVED_REASONS)
const schema = z.object({
  upToSnapshotId: z.string(),
  machine: z.string().nullable(),
  machinesDone: z.boolean(),
  writtenKb: z.string().nullable(),
  snapshots: z.array(z.tuple([z.string(), packedPoint])),
  kbs: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), countsBy(APPEARED_REASONS), resolved, resolved]))])),
})

export function packDerivation({ trends, ...progress }: Derivation): string {
  const snapshots = [...trends.counters].map(([snapshotId, counter]) => [snapshotId, { ...counter.standings, ...counter.flows }])
  const kbs = [...trends.kbs].map(([kbId, bySnapshot]) => [
    kbId,
    [...bySnapshot].map(([snapshotId, sums]) => [snapshotId, ...packed(sums)]),
  ])
  return stringify({ ...progress, snapshots, kbs })
}

const packed = ({ appeared, resolved: ended, reopenedAfter }: KbSums) => [
  APPEARED_REASONS.map((reason) => appeared[reason]),
  RESOLVED_REASONS.map((reason) => ended[reason]),
  RESOLVED_REASONS.map((reason) => reopenedAfter[reason]),
]

/** What was derived up to a snapshot; undefined where the text is none, or of another one: all is derived anew then. */
export function unpackDerivation(text: string | undefined, upToSnapshotId: string): Derivation | undefined {
  const { data } = schema.safeParse(text === undefined ? undefined : parseJson(text))
  if (data?.upToSnapshotId !== upToSnapshotId) return undefined
  const { snapshots, kbs, ...progress } = data
  const trends = new DerivedTrends(snapshots.map(([snapshotId]) => snapshotId))
  for (const [snapshotId, point] of snapshots) trends.counters.set(snapshotId, new TrendCounter(snapshotId, point))
  for (const [kbId, bySnapshot] of kbs) trends.kbs.set(kbId, new Map(bySnapshot.map(([snapshotId, ...all]) => [snapshotId, unpacked(all)])))
  return { ...progress, trends }
}

function unpacked([appeared, ended, reopenedAfter]: [number[], number[], number[]]): KbSums {
  return {
    machinesMissing: 0,
    machinesOverdue: 0,
    seen: false,
    appeared: named(APPEARED_REASONS, appeared),
    resolved: named(RESOLVED_REASONS, ended),
    reopenedAfter: named(RESOLVED_REASONS, reopenedAfter),
  }
}

function named<Name extends string>(names: readonly Name[], values: readonly number[]): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0])) as Record<Name, number>
}
