import {
  type Behind,
  behindOf,
  type CatalogueFacts,
  dayOfSnapshot,
  type Deadline,
  type DuePair,
  keptPairs,
  type Machine,
  openPairs,
  TenantFacts,
} from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'
import { eachAtOnce } from '../each-at-once.ts'
import type { Batch } from './batch.ts'
import type { Deadlines, DeadlineSource } from './deadlines.ts'
import { SCAN_POLICY } from './read-policy.ts'

/** A machine, with how far it is behind by what it misses. */
export interface MachineBehind {
  machine: Machine
  behind: Behind | undefined
}

/** Machines of each page, with how far they are behind at a snapshot; of one whose KBs are too many to be kept beside it, that is not known. */
export async function withBehind(
  machines: readonly Machine[],
  { catalogue }: Pick<DeadlineSource, 'catalogue'>,
  atSnapshotId: string | null,
): Promise<MachineBehind[]> {
  const kbIds = machines.flatMap(({ missingKbIds, missingSince }) => [
    ...(missingKbIds ?? []),
    ...(missingSince ?? []).flatMap(({ exposedWith }) => exposedWith),
  ])
  const facts = new TenantFacts(await catalogue.factsOf(kbIds))
  return machines.map((machine) => ({
    machine,
    behind: atSnapshotId === null ? undefined : behindOf(machine, facts, dayOfSnapshot(atSnapshotId)),
  }))
}

/** What is asked of one of the KBs that a machine misses. */
export type PairFilter = (facts: CatalogueFacts | undefined, deadline: Deadline) => boolean

/** Of batches of machines those that miss a KB that is asked for. */
export async function* missingSuch(
  batches: AsyncIterable<Batch<Machine, string>>,
  store: Pick<TenantStore, 'missingKbs'>,
  deadlines: Deadlines,
  isAsked: PairFilter,
): AsyncGenerator<Batch<Machine, string>> {
  for await (const { rows, ...place } of batches) {
    const pairs = await pairsOf(rows, store)
    await deadlines.know([...pairs.values()].flat())
    const found = rows.filter((machine) =>
      pairs.get(machine)?.some((pair) => isAsked(deadlines.facts(pair.kbId), deadlines.of(pair, machine))),
    )
    yield { rows: found, ...place }
  }
}

async function pairsOf(machines: readonly Machine[], store: Pick<TenantStore, 'missingKbs'>): Promise<Map<Machine, DuePair[]>> {
  const pairs = new Map<Machine, DuePair[]>()
  const uncached: Machine[] = []
  for (const machine of machines) {
    const kept = keptPairs(machine)
    if (kept) pairs.set(machine, kept)
    else if (machine.missing > 0) uncached.push(machine)
  }
  await eachAtOnce(uncached, SCAN_POLICY.lookupsAtOnce, async (machine) => {
    const { intervals } = await store.missingKbs.read(machine.machineId)
    pairs.set(machine, openPairs(intervals))
  })
  return pairs
}
