import { type Ledger } from '../ledger.ts'
import type { Question } from '../question.ts'
import { instantOf } from '../words.ts'
import { byId, machineFigures } from './machines.ts'
import { kbFigures, missingFigures } from './exposure.ts'

/** Every KB that any machine was ever seen missing, by id, with the looks at which an answer named it. */
export function kbIdsOf(ledger: Ledger): string[] {
  return [...new Set(ledger.intervals().map(({ interval }) => interval.kbId))].sort()
}

/** A KB's columns in every list of KBs. */
export function kbCountFigures(ledger: Ledger, kbId: string) {
  const own = ledger.intervals().filter(({ interval }) => interval.kbId === kbId)
  const named = own.flatMap(({ machine, interval }) => [
    interval.opened.at,
    (interval.end?.lastMissing ?? machine.observed?.look ?? interval.opened).at,
  ])
  return {
    ...kbFigures(kbId, ledger),
    machinesMissing: own.filter(({ interval }) => !interval.end).length,
    firstSeenAt: instantOf(Math.min(...named)),
    lastSeenAt: instantOf(Math.max(...named)),
  }
}

export function kbsQuestion(ledger: Ledger): Question {
  return { path: '/api/kbs?limit=10000', expected: { kbs: kbIdsOf(ledger).map((kbId) => kbCountFigures(ledger, kbId)) } }
}

/** The machines that miss a KB by their last observation. */
export function kbMachinesQuestion(ledger: Ledger, kbId: string): Question {
  const missing = ledger.intervals().filter(({ interval }) => interval.kbId === kbId && !interval.end)
  const machines = missing.sort(byId).map(({ machineId, machine, interval }) => {
    const { computerDnsName, osPlatform, rbacGroupName, lastSeen, state, lastObservedSnapshotId } = machineFigures(machineId, machine)
    const until = machine.observed?.look ?? interval.opened
    return {
      ...{ machineId, computerDnsName, osPlatform, rbacGroupName, lastSeen, state, lastObservedSnapshotId },
      ...missingFigures(interval, until.at),
    }
  })
  return { path: `/api/kbs/${kbId}/machines?limit=1000`, expected: { kbId, kbName: ledger.kb(kbId).name, machines } }
}
