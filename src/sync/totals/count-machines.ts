import {
  type Deadline,
  type Exposure,
  isAssessed,
  isOverdue,
  type Machine,
  keptPairs,
  type MissingPair,
  NO_DEADLINE,
  openPairs,
  shownState,
  standingIn,
  toUnknownMachine,
  type TopMachine,
  type UnknownMachine,
} from '../../domain/index.ts'
import { bucketOf } from '../../store/index.ts'
import type { Slice } from '../slice/slice.ts'
import type { Sums } from './sums.ts'
import { type DeadlineJudge, deadlineJudge } from './judge-deadlines.ts'
import { gapRulesOf, writeGaps } from './write-gaps.ts'

/** Counts the machines behind those counted before; at least one page of them, and stops when the slice is late. */
export async function countMachines(slice: Slice, sums: Sums): Promise<void> {
  const { store, lease } = slice.ports
  const gapRules = await gapRulesOf(slice)
  const judge = await deadlineJudge(slice)
  for await (const page of store.machines.pages({ after: sums.progress.machine })) {
    // Pages that bring nothing to write may take longer than the lease lasts.
    await lease.ensureHeld()
    const unknown = page.filter((machine) => standingIn(machine, sums.snapshotId) === 'unknown')
    await store.snapshots.writeUnknown(
      sums.snapshotId,
      unknown.map((machine) => whyUnknown(machine, sums.snapshotId)),
    )
    await writeGaps(slice, page, gapRules)
    for (const machine of page) {
      const kept = machine.missing === 0 ? [] : keptPairs(machine)
      countMachine({ slice, sums, judge }, machine, kept ?? openPairs((await store.missingKbs.read(machine.machineId)).intervals))
      sums.progress.machine = machine.machineId
      if (!kept && slice.stop.isLate) return
    }
    if (slice.stop.isLate && page.length > 0) return
  }
  sums.progress.machinesDone = true
}

interface Counting {
  slice: Slice
  sums: Sums
  judge: DeadlineJudge
}

function countMachine({ slice, sums, judge }: Counting, machine: Machine, pairs: readonly MissingPair[]): void {
  const { snapshotId, counts } = sums
  const stands = standingIn(machine, snapshotId)
  const isSilent = stands === 'observed' && !isAssessed(machine, snapshotId)
  const isChanged = machine.changedSnapshotId === snapshotId
  if (stands) counts[stands]++
  if (isSilent) counts.silent++
  if (machine.lastListedSnapshotId === snapshotId) counts.listed++
  if (isChanged) sums.changedBuckets.add(bucketOf(machine.machineId))
  if (pairs.length > 0) counts.missingMachines++
  counts.missingPairs += pairs.length
  const deadlines = judge.of(pairs, machine)
  countKbs({ slice, sums }, pairs, deadlines, machine)
  // A group whose machines have all left is one only if something came to pass in it.
  if (!stands && !isChanged && pairs.length === 0) return
  const judged = { policy: judge.policy, deadlines }
  for (const counter of sums.countersOf(machine)) counter.addMachine({ stands, isAssessed: !isSilent, exposures: pairs, judged })
  enlist(sums, machine, pairs, stands === 'unknown')
}

function countKbs(
  { slice, sums }: Pick<Counting, 'slice' | 'sums'>,
  pairs: readonly MissingPair[],
  deadlines: readonly Deadline[],
  { lastObservedSnapshotId }: Machine,
): void {
  for (const [index, { kbId }] of pairs.entries()) {
    const kb = sums.kb(slice.journal.kbs.spellingOf(kbId))
    kb.machinesMissing++
    if (isOverdue(deadlines[index] ?? NO_DEADLINE, sums.snapshotId)) kb.machinesOverdue++
    kb.seen ||= lastObservedSnapshotId === sums.snapshotId
  }
}

function enlist(sums: Sums, machine: Machine, exposures: readonly Exposure[], isUnknown: boolean): void {
  if (exposures.length === 0 && !isUnknown) return
  const item = topMachine(machine, exposures)
  if (exposures.length > 0) {
    sums.enlist('oldestMachines', item)
    sums.enlist('worstMachines', item)
  }
  if (isUnknown) sums.enlist('longUnknown', item)
}

function topMachine(machine: Machine, exposures: readonly Exposure[]): TopMachine {
  const { machineId, computerDnsName, osPlatform, version, rbacGroupName } = machine
  const { healthStatus, lastSeen, oldestMissingAt, lastObservedSnapshotId, code } = machine
  const oldest = exposures.reduce<Exposure | undefined>((one, other) => (one && isAsOld(one, other) ? one : other), undefined)
  return {
    ...{ machineId, computerDnsName, osPlatform, version, rbacGroupName },
    ...{ healthStatus, lastSeen, oldestMissingAt, lastObservedSnapshotId, code },
    missing: exposures.length,
    state: shownState(machine),
    exposedSince: oldest?.exposedSince ?? null,
    exposedAtLeast: oldest?.exposedAtLeast ?? false,
  }
}

/** Of equally early ones "at least" wins. */
const isAsOld = (one: Exposure, other: Exposure) =>
  one.exposedSince < other.exposedSince || (one.exposedSince === other.exposedSince && (one.exposedAtLeast || !other.exposedAtLeast))

/** The cause; of one that was not come to, that. */
function whyUnknown(machine: Machine, snapshotId: string): UnknownMachine {
  if (machine.settledSnapshotId === snapshotId) return toUnknownMachine(machine)
  const { machineId, computerDnsName } = machine
  return { machineId, computerDnsName, status: 0, code: 'notAsked', detail: 'the snapshot ended before the machine was asked', attempts: 0 }
}
