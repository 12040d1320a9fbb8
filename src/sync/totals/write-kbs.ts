import {
  type CohortKb,
  cohortPoints,
  countedOutcomes,
  hasChanged,
  type Kb,
  type KbOutcomes,
  type KbSums,
  type KbTrendPoint,
  pairsOf,
} from '../../domain/index.ts'
import type { Slice } from '../slice/slice.ts'
import type { Sums } from './sums.ts'
import { kbCounts } from './write-totals.ts'

/** A KB at the snapshot's end. */
interface CountedKb {
  kb: Kb
  sums: KbSums | undefined
  /** What became of its pairs; null where earlier history is not counted yet. */
  outcomes: KbOutcomes | null
}

/**
 * Writes the KBs' own rows, and what a KB and a cohort came to. Outcomes are those of all history: until what is older is derived, there are
 * none, and they are derived with it.
 */
export async function writeKbs({ ports, journal }: Slice, sums: Sums): Promise<void> {
  const { store, lease } = ports
  const isWhole = lease.tenant.trendsDerived || lease.tenant.lastEndedSnapshotId === null
  const kbs = [...journal.kbs.all()].map((kb) => countedKb(kb, sums, isWhole))
  if (isWhole) {
    await store.kbTrends.write(kbs.flatMap((kb) => trendPoint(kb, sums.snapshotId)))
    await store.trends.writeCohorts(cohortPoints(kbs.map(cohortKb), sums.snapshotId))
  }
  await store.kbs.write(kbs.flatMap((kb) => changedRow(kb, sums.snapshotId)))
}

function countedKb(kb: Kb, { kbs, snapshotId }: Sums, isWhole: boolean): CountedKb {
  const sums = kbs.get(kb.kbId)
  if (!isWhole) return { kb, sums, outcomes: null }
  const isCounted = sums !== undefined && hasChanged(sums)
  return { kb, sums, outcomes: isCounted ? countedOutcomes(kb.outcomes, snapshotId, sums) : kb.outcomes }
}

function trendPoint({ kb, sums, outcomes }: CountedKb, snapshotId: string): KbTrendPoint[] {
  if (!sums || !hasChanged(sums)) return []
  const { machinesMissing: missing, appeared, resolved } = sums
  return [{ kbId: kb.kbId, snapshotId, missing, appeared, resolved, ...pairsOf(outcomes) }]
}

function cohortKb({ kb, sums, outcomes }: CountedKb): CohortKb {
  const { kbName, firstSeenSnapshotId, cohort } = kb
  return { kbName, firstSeenSnapshotId, cohort, missing: sums?.machinesMissing ?? 0, outcomes: pairsOf(outcomes) }
}

/** Only the KBs whose row says something else. */
function changedRow({ kb, sums, outcomes }: CountedKb, snapshotId: string): (Partial<Kb> & { kbId: string })[] {
  const counts = kbCounts(kb, sums, snapshotId)
  const isCounted = outcomes !== null && outcomes !== kb.outcomes
  return counts || isCounted ? [{ kbId: kb.kbId, ...counts, ...(isCounted && { outcomes }) }] : []
}
