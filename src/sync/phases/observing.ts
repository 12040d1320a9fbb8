import { isAsked, type Machine, type Snapshot, staysSkipped } from '../../domain/index.ts'
import { settleObserved, settleSkipped, settleUnknown } from '../machine/settle.ts'
import type { Slice } from '../slice/slice.ts'
import { askMissingKbs, directAnswer, EMPTY_UNCONFIRMED, needsConfirmation } from './ask-missing-kbs.ts'
import { observeExport } from './observing-export.ts'
import { afterRetrying } from './retrying.ts'
import { ANY_PHASE, type Phase } from './phase.ts'
import { settleEach, type TakenUp } from './settle-each.ts'
import type { SettledPrefix } from './settled-prefix.ts'
import { type Tally, tallyOf } from './tally.ts'

/** Asks every listed machine of the wanted platforms what it is missing, in id order. */
export const observing: Phase = {
  ...ANY_PHASE,
  name: 'observing',
  toDo,
  work: (slice) =>
    slice.ports.source.kind === 'export'
      ? observeExport(slice, observing, takeUpAll)
      : settleEach(slice, observing, { settle: observe, takeUp: takeUpAll, asUnknown: tallyOf({ unknown: 1 }) }),
  next: (snapshot: Snapshot) => (snapshot.unknown > 0 ? 'retrying' : afterRetrying(snapshot)),
}

async function* toDo({ record, ports }: Slice): AsyncGenerator<Machine> {
  for await (const page of ports.store.machines.pages({ after: record.snapshot.cursor })) {
    yield* page.filter((machine) => {
      const isLeft = machine.lastListedSnapshotId === record.id && machine.settledSnapshotId !== record.id
      return isLeft && !staysSkipped(machine, record.id)
    })
  }
}

/** Every machine after the cursor, with those that need no asking settled on the way. */
async function* takeUpAll({ record, ports }: Slice, prefix: SettledPrefix): AsyncGenerator<TakenUp> {
  for await (const page of ports.store.machines.pages({ after: record.snapshot.cursor })) {
    for (const machine of page) {
      const settled = prefix.begin(machine.machineId)
      const tally = settledTally(record.id, machine)
      if (tally) settled(tally)
      else yield { machine, settled }
    }
  }
}

/** What a machine counts as that need not be asked: it is not listed, or settled before. */
function settledTally(snapshotId: string, machine: Machine): Tally | undefined {
  if (machine.lastListedSnapshotId !== snapshotId) {
    return tallyOf({ notListed: machine.state === 'removed' || machine.filteredOut ? 0 : 1 })
  }
  return machine.settledSnapshotId === snapshotId ? tallyOf({ [machine.state ?? 'unknown']: 1 }) : undefined
}

/** Returns undefined when the slice stopped before the machine came to anything. */
async function observe(slice: Slice, machine: Machine): Promise<Tally | undefined> {
  if (!isAsked(machine, slice.record.id)) {
    await settleSkipped(slice, machine)
    return tallyOf({ skipped: 1 })
  }
  const isHopeless = neverAnswered(machine)
  const asked = await askMissingKbs(slice, machine, isHopeless ? 1 : undefined)
  if (asked.kind === 'stopped') return undefined
  const isAnswered = asked.kind === 'answered' && !(await needsConfirmation(slice, machine, asked.answer.kbs))
  if (isAnswered) {
    await settleObserved(slice, machine, directAnswer(slice, machine, asked.answer))
    return tallyOf({ observed: 1 })
  }
  const cause = asked.kind === 'unknown' ? asked : { fault: EMPTY_UNCONFIRMED, attempts: 1 }
  await settleUnknown(slice, machine, cause, !(isHopeless && cause.fault.status === 404))
  return tallyOf({ unknown: 1 })
}

/** It was not found in the snapshot before, and never answered at all: once a snapshot is enough to see whether that has changed. */
const neverAnswered = ({ lastObservedSnapshotId, status }: Machine) => lastObservedSnapshotId === null && status === 404
