import { z } from 'zod'
import {
  AGE_BUCKETS,
  APPEARED_REASONS,
  type AppearedReason,
  type ExposureKey,
  ENDINGS,
  type Flows,
  RESOLVED_REASONS,
  type ResolvedReason,
  type Standings,
  TrendCounter,
} from '../../domain/index.ts'
import { parseJson } from '../../parse-json.ts'
import { topMachineSchema } from '../../store/index.ts'
import { MACHINE_LISTS, type MachineCounts, Sums } from './sums.ts'

const count = z.number().int()
const exposures = z.array(z.tuple([z.string(), count])).transform((entries) => new Map(entries as [ExposureKey, number][]))
const ages = z.array(count).length(AGE_BUCKETS.length)
const appeared = z.object(Object.fromEntries(APPEARED_REASONS.map((name) => [name, count])) as Record<AppearedReason, typeof count>)
const resolved = z.object(Object.fromEntries(RESOLVED_REASONS.map((name) => [name, count])) as Record<ResolvedReason, typeof count>)
const ended = z.object(Object.fromEntries(ENDINGS.map((name) => [name, exposures])) as Record<(typeof ENDINGS)[number], typeof exposures>)

/** A counter, as it is kept between two slices. */
export const packedPoint: z.ZodType<Standings & Flows> = z.object({
  machines: count,
  observed: count,
  silent: count.nullable(),
  unknown: count,
  pairs: ages,
  pairsAtLeast: ages,
  machinesByAge: ages,
  exposed: exposures,
  deadlines: z
    .object({
      ...{ policy: z.string(), overdue: count, due: count, none: count, withoutFacts: count },
      ...{ machinesOverdue: count, machinesWithoutFacts: count },
    })
    .nullable(),
  appeared,
  ended,
  installedAtLeast: exposures,
  takenOver: z.array(z.object({ ending: z.enum(ENDINGS), endedDays: count, exposedSince: z.string(), count })),
})

const groups = z.array(z.tuple([z.string().nullable(), packedPoint]))
const nullableText = z.string().nullable()
const countNames = ['listed', 'observed', 'silent', 'unknown', 'skipped', 'removed', 'missingPairs', 'missingMachines'] as const

/** Sums as they are kept between two slices of one snapshot, by one version. */
const packed = z.object({
  snapshotId: z.string(),
  counts: z.object(Object.fromEntries(countNames.map((name) => [name, count])) as Record<keyof MachineCounts, typeof count>),
  fleet: packedPoint,
  groups: z.object({ rbacGroup: groups, osPlatform: groups }),
  kbs: z.array(
    z.tuple([
      z.string(),
      z.object({ machinesMissing: count, machinesOverdue: count, seen: z.boolean(), appeared, resolved, reopenedAfter: resolved }),
    ]),
  ),
  changedBuckets: z.array(z.string()),
  lists: z.object(
    Object.fromEntries(MACHINE_LISTS.map((name) => [name, z.array(topMachineSchema)])) as Record<
      (typeof MACHINE_LISTS)[number],
      z.ZodArray<typeof topMachineSchema>
    >,
  ),
  progress: z.object({
    machine: nullableText,
    machinesDone: z.boolean(),
    changes: z.record(z.string(), z.string()),
    bucketsDone: z.string(),
  }),
})

export function packSums(sums: Sums): string {
  const { snapshotId, counts, fleet, groups, kbs, changedBuckets, lists, progress } = sums
  const packGroups = (counters: ReadonlyMap<string | null, TrendCounter>) =>
    [...counters].map(([name, counter]) => [name, pointOf(counter)])
  const whole = { rbacGroup: packGroups(groups.rbacGroup), osPlatform: packGroups(groups.osPlatform) }
  const kept = { snapshotId, counts, fleet: pointOf(fleet), groups: whole, kbs, changedBuckets, lists, progress }
  return stringify(kept)
}

/** JSON in which maps and sets are lists of what they hold. */
export function stringify(kept: object): string {
  return JSON.stringify(kept, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  )
}

const pointOf = (counter: TrendCounter) => ({ ...counter.standings, ...counter.flows })

/** The sums of a snapshot; undefined where the text is none, or of another one: all is counted anew then. */
export function unpackSums(text: string | undefined, snapshotId: string): Sums | undefined {
  const { data } = packed.safeParse(text === undefined ? undefined : parseJson(text))
  if (data?.snapshotId !== snapshotId) return undefined
  const sums = new Sums(snapshotId)
  Object.assign(sums.counts, data.counts)
  sums.fleet = new TrendCounter(snapshotId, data.fleet)
  for (const grouping of ['rbacGroup', 'osPlatform'] as const) {
    for (const [name, from] of data.groups[grouping]) sums.groups[grouping].set(name, new TrendCounter(snapshotId, from))
  }
  for (const [kbId, kb] of data.kbs) sums.kbs.set(kbId, kb)
  for (const bucket of data.changedBuckets) sums.changedBuckets.add(bucket)
  Object.assign(sums.lists, data.lists)
  sums.progress = data.progress
  return sums
}
