import { isOpenAt, type Ledger } from '../ledger.ts'
import type { MachineLedger, TrueInterval } from '../machine-ledger.ts'
import type { Question } from '../question.ts'
import { daysBetween, instantOf } from '../words.ts'
import type { Look } from '../look.ts'
import { exposureFigures, kbFigures, missingFigures } from './exposure.ts'
import { machineFigures, stateOf } from './machines.ts'

/** All that is told of one machine: its history, and what it missed at each look. */
export function machineQuestions(ledger: Ledger, machineId: string, machine: MachineLedger): Question[] {
  return [
    { path: `/api/machines/${machineId}`, expected: { ...machineFigures(machineId, machine), ...witnessFigures(machine, ledger.last) } },
    { path: `/api/machines/${machineId}/history`, expected: historyFigures(ledger, machineId, machine) },
    ...ledger.looks.map((look) => ({
      path: `/api/machines/${machineId}/missing-kbs?at=${look.snapshotId}`,
      expected: missingKbsFigures(ledger, machineId, machine, look),
    })),
  ]
}

function historyFigures(ledger: Ledger, machineId: string, machine: MachineLedger) {
  const until = machine.observed?.look ?? ledger.last
  return {
    machineId,
    computerDnsName: machine.listed.name,
    lastObservedSnapshotId: machine.observed?.look.snapshotId ?? null,
    state: stateOf(machine),
    gaps: machine.gaps.map(({ kind, code, from, to }) => ({ kind, code, from: instantOf(from.at), to: to && instantOf(to.at) })).reverse(),
    intervals: machine.intervals.toSorted(newestFirst).map((interval) => intervalFigures(ledger, interval, until)),
  }
}

const newestFirst = (a: TrueInterval, b: TrueInterval) => b.opened.at - a.opened.at || (a.kbId < b.kbId ? -1 : 1)

function intervalFigures(ledger: Ledger, interval: TrueInterval, openUntil: Look) {
  const { kbId, opened, reason, exposure, end } = interval
  const until = end?.look ?? openUntil
  return {
    ...kbFigures(kbId, ledger),
    appearedSnapshotId: opened.snapshotId,
    appearedReason: reason,
    firstMissingAt: instantOf(opened.at),
    daysMissing: daysBetween(opened.at, until.at),
    ...exposureFigures(exposure, until.at),
    state: end ? 'closed' : 'open',
    lastMissingAt: end && instantOf(end.lastMissing.at),
    resolvedSnapshotId: end?.look.snapshotId,
    resolvedAt: end && instantOf(end.look.at),
    resolvedReason: end?.reason,
    replacedBy: end && end.replacedBy.length > 0 ? end.replacedBy : undefined,
  }
}

function missingKbsFigures(ledger: Ledger, machineId: string, machine: MachineLedger, look: Look) {
  const missing = machine.intervals.filter((interval) => isOpenAt(interval, look))
  return {
    machineId,
    at: { snapshotId: look.snapshotId },
    ...witnessFigures(machine, look),
    missingKbs: missing
      .toSorted((a, b) => (a.kbId < b.kbId ? -1 : 1))
      .map((interval) => ({ ...kbFigures(interval.kbId, ledger), ...missingFigures(interval, look.at) })),
  }
}

/** Whether the machine was assessed in a look, and if not why and since when. */
function witnessFigures({ gaps, firstLook }: MachineLedger, look: Look) {
  if (look.at < firstLook.at) return { assessed: false, gap: { kind: 'skipped', code: 'notListed' } }
  const gap = gaps.find(({ from, to }) => from.at <= look.at && (to === undefined || to.at > look.at))
  return { assessed: gap === undefined, gap: gap && { kind: gap.kind, code: gap.code, since: instantOf(gap.from.at) } }
}
