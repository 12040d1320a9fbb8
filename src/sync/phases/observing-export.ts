import { type Answer, isAsked, type Machine } from '../../domain/index.ts'
import type { ExportedMachine } from '../../domain/index.ts'
import { settleObserved, settleSkipped, settleUnknown } from '../machine/settle.ts'
import { knownFacts } from '../slice/known-facts.ts'
import type { Slice } from '../slice/slice.ts'
import { EMPTY_UNCONFIRMED, hasOpenIntervals, needsConfirmation, NOT_IN_EXPORT } from './ask-missing-kbs.ts'
import { ExportedById } from '../export/exported-by-id.ts'
import type { Phase } from './phase.ts'
import { openReadExport, type ReadExport } from '../export/read-export.ts'
import { ReducedKbs } from '../export/reduced-kbs.ts'
import { settleEach, type TakeUp } from './settle-each.ts'
import { type Tally, tallyOf } from './tally.ts'

/**
 * Settles every listed machine by the export: no row is no evidence. Of those without one, who misses anything is asked at the end, by
 * itself, or the best-patched machines would stay exposed for ever; the others are unknown.
 */
export async function observeExport(slice: Slice, phase: Phase, takeUpAll: TakeUp): Promise<'done' | 'more'> {
  const { ports, record } = slice
  const read = await openReadExport(ports.store, record.id)
  const exported = new ExportedById(read.machines(record.snapshot.cursor))
  const found = new Map<string, ExportedMachine>()
  const reduced = new ReducedKbs(read.kbs, await knownFacts(slice, read.kbs.keys()))
  try {
    return await settleEach(slice, phase, {
      takeUp: async function* (of, prefix) {
        for await (const taken of takeUpAll(of, prefix)) {
          const machine = await exported.find(taken.machine.machineId)
          if (machine) found.set(machine.machineId, machine)
          yield taken
        }
      },
      settle: async (of, machine) => {
        const row = found.get(machine.machineId)
        found.delete(machine.machineId)
        if (!isAsked(machine, record.id)) return settleAsSkipped(of, machine)
        return row ? settleExported(of, machine, answerOf(machine, row, { read, reduced })) : settleNotInExport(of, machine, read)
      },
      asUnknown: tallyOf({ unknown: 1 }),
    })
  } finally {
    await exported.close()
  }
}

async function settleAsSkipped(slice: Slice, machine: Machine): Promise<Tally> {
  await settleSkipped(slice, machine)
  return tallyOf({ skipped: 1 })
}

/** What the export says of a machine. Its listing may know of a report that came later. */
function answerOf(machine: Machine, row: ExportedMachine, { read, reduced }: { read: ReadExport; reduced: ReducedKbs }): Answer {
  const { generatedAt, closesNothing } = read
  const isListedLater = machine.lastSeen !== null && Date.parse(machine.lastSeen) > Date.parse(generatedAt)
  return {
    kbs: reduced.of(machine, row),
    // As where rows of an answer name no KB: any of those that seem to be gone may be what could not be read.
    dropped: closesNothing ? 1 : 0,
    source: 'export',
    observedAt: generatedAt,
    reportedAt: row.reportedAt ?? (isListedLater ? generatedAt : machine.lastSeen),
    osVersion: row.osVersion,
  }
}

async function settleExported(slice: Slice, machine: Machine, answer: Answer): Promise<Tally> {
  if (answer.dropped === 0 && (await needsConfirmation(slice, machine, answer.kbs))) {
    await settleUnknown(slice, machine, { fault: EMPTY_UNCONFIRMED, attempts: 0 }, true)
    return tallyOf({ unknown: 1 })
  }
  await settleObserved(slice, machine, answer)
  return tallyOf({ observed: 1 })
}

async function settleNotInExport(slice: Slice, machine: Machine, read: ReadExport): Promise<Tally> {
  const fault = read.missesOn(machine)
  if (fault) await settleUnknown(slice, machine, { fault, attempts: 0 }, false)
  else await settleUnknown(slice, machine, { fault: NOT_IN_EXPORT, attempts: 0 }, await missesSomething(slice, machine))
  return tallyOf({ unknown: 1 })
}

/** A machine that no snapshot has settled yet may have had a row, which was deleted: only its intervals tell. */
async function missesSomething(slice: Slice, machine: Machine): Promise<boolean> {
  return machine.missing > 0 || (machine.settledSnapshotId === null && (await hasOpenIntervals(slice, machine)))
}
