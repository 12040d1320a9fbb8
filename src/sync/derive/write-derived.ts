import { derivedCohorts, derivedDays, derivedKb, derivedPoint, type Kb, type KbSums } from '../../domain/index.ts'
import type { Derivation, DerivationPorts } from './derivation.ts'

/** KBs that are written at a time: each has a partition of its own. */
const KBS_AT_ONCE = 50

/** Writes what was derived; false where the slice ends before all of it is written. Writing again writes the same. */
export async function writeDerived(ports: DerivationPorts, derivation: Derivation): Promise<boolean> {
  if (derivation.writtenKb === null) await writePoints(ports, derivation)
  const left = ports.kbs.filter(({ kbId }) => derivation.writtenKb === null || isAfter(ports.kbs, kbId, derivation.writtenKb))
  for (let start = 0; start < left.length; start += KBS_AT_ONCE) {
    if (start > 0 && ports.stop.isLate) return false
    const some = left.slice(start, start + KBS_AT_ONCE)
    await writeKbs(ports, derivation, some)
    derivation.writtenKb = some.at(-1)?.kbId ?? null
  }
  return true
}

/** In the order of their rows. */
function isAfter(kbs: readonly Kb[], kbId: string, other: string): boolean {
  return kbs.findIndex((kb) => kb.kbId === kbId) > kbs.findIndex((kb) => kb.kbId === other)
}

const NONE: ReadonlyMap<string, KbSums> = new Map()

async function writePoints({ store, snapshots, kbs }: DerivationPorts, { trends }: Derivation): Promise<void> {
  const points = snapshots.flatMap((snapshot) => {
    const counter = trends.counters.get(snapshot.snapshotId)
    return counter ? [derivedPoint(snapshot, counter)] : []
  })
  const days = derivedDays(points)
  await store.trends.writePoints(points)
  await store.trends.writeDays(days)
  const pointsOf = (kbId: string) => derivedKb(kbId, trends.kbs.get(kbId) ?? NONE).points
  await store.trends.writeCohorts(
    derivedCohorts(
      kbs,
      pointsOf,
      days.map(({ snapshotId }) => snapshotId),
    ),
  )
}

async function writeKbs({ store }: DerivationPorts, { trends }: Derivation, kbs: readonly Kb[]): Promise<void> {
  const derived = kbs.map((kb) => ({ kb, ...derivedKb(kb.kbId, trends.kbs.get(kb.kbId) ?? NONE) }))
  await store.kbTrends.write(derived.flatMap(({ points }) => points))
  await store.kbs.write(derived.map(({ kb: { kbId, cohort }, outcomes }) => ({ kbId, cohort, outcomes })))
}
