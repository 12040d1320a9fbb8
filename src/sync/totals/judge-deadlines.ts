import { type Deadline, dueOf, type DuePair, foldedKbId, type Policy, type RuledMachine, TenantFacts } from '../../domain/index.ts'
import { knownFacts } from '../slice/known-facts.ts'
import type { Slice } from '../slice/slice.ts'

/** Tells by when what machines miss is due. */
export interface DeadlineJudge {
  policy: string
  of: (pairs: readonly DuePair[], machine: RuledMachine) => Deadline[]
}

/** Judges by what is known of the tenant's KBs now: read once a slice, and only what is not known in this process yet. */
export async function deadlineJudge(slice: Slice): Promise<DeadlineJudge> {
  const { policy } = slice.ports.settings
  const kbs = new Map([...slice.journal.kbs.all()].map((kb) => [foldedKbId(kb.kbId), kb]))
  const facts = new TenantFacts(
    await knownFacts(
      slice,
      [...kbs.values()].map(({ kbId }) => kbId),
    ),
  )
  const factsOf = (kbId: string) => {
    const kb = kbs.get(foldedKbId(kbId))
    return kb && facts.forDeadline(kb)
  }
  const kept = new Map<string, Deadline>()
  const isByMachine = asksForMachine(policy)
  return {
    policy: policy.name,
    of: (pairs, machine) =>
      pairs.map((pair) => {
        if (isByMachine) return dueOf(pair, factsOf, policy, machine)
        // Most machines miss the same few KBs since the same few snapshots.
        const key = `${pair.kbId} ${pair.appearedSnapshotId} ${pair.exposedSince} ${pair.exposedWith.join(' ')}`
        const deadline = kept.get(key) ?? dueOf(pair, factsOf, policy, machine)
        kept.set(key, deadline)
        return deadline
      }),
  }
}

const asksForMachine = ({ rules }: Policy) => rules.some(({ when }) => when.tags ?? when.groups ?? when.platforms)
