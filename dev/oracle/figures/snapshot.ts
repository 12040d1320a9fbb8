import type { Ledger } from '../ledger.ts'
import type { Question } from '../question.ts'
import { instantOf } from '../words.ts'
import { byId, isSilentAt } from './machines.ts'

/** How many machines ended how in the last look. */
export function standingsOf(ledger: Ledger) {
  const { snapshotId } = ledger.last
  const machines = [...ledger.machines.values()]
  const ended = (standing: string) => machines.filter(({ standings }) => standings.get(snapshotId) === standing)
  const [observed, unknown] = [ended('observed'), ended('unknown').length]
  const skipped = ended('skipped').length
  const asked = observed.length + unknown
  const silent = observed.filter(isSilentAt).length
  return {
    asked,
    machines: { listed: asked + skipped, observed: observed.length, silent, unknown, skipped, removed: ended('removed').length },
    coverage: asked === 0 ? 1 : observed.length / asked,
    assessed: asked === 0 ? 1 : (observed.length - silent) / asked,
  }
}

/** What the newest snapshot says of itself, and of the machines that it could not observe. */
export function snapshotQuestions(ledger: Ledger): Question[] {
  const { snapshotId, at, manual, calls, killed } = ledger.last
  const { machines, coverage, assessed } = standingsOf(ledger)
  const intervals = ledger.intervals()
  const open = intervals.filter(({ interval }) => !interval.end)
  const expected = {
    snapshotId,
    startedAt: instantOf(at),
    status: machines.unknown > 0 ? 'incomplete' : 'completed',
    trigger: manual ? 'manual' : 'schedule',
    progress: 1,
    ...{ machines, coverage, assessed },
    // What a killed process had called, and not written down yet, nobody counts.
    ...(!killed && { api: { calls, throttled: 0 } }),
    changes: {
      appeared: intervals.filter(({ interval }) => interval.opened === ledger.last).length,
      resolved: intervals.filter(({ interval }) => interval.end?.look === ledger.last).length,
    },
    missing: {
      pairs: open.length,
      kbs: new Set(open.map(({ interval }) => interval.kbId)).size,
      machines: new Set(open.map(({ machineId }) => machineId)).size,
    },
  }
  const unknown = [...ledger.machines]
    .filter(([, { standings }]) => standings.get(snapshotId) === 'unknown')
    .map(([machineId, { listed }]) => ({ machineId, computerDnsName: listed.name, status: 502 }))
    .sort(byId)
  return [
    { path: `/api/snapshots/${snapshotId}`, expected },
    { path: `/api/snapshots/${snapshotId}/unknown?limit=10000`, expected: { machines: unknown } },
  ]
}
