import type { Simulator } from '../simulator/index.ts'
import type { Ledger } from './ledger.ts'
import type { TrueInterval } from './machine-ledger.ts'

type Fact = ReturnType<Simulator['story']>[number]

/**
 * Ends that no fact of the simulated world bears out. The ledger judges by what looks can show; the stories tell what truly happened, so that
 * the two can be held against each other: what is called installed was installed, and reported, between two looks.
 */
export function unwitnessed(ledger: Ledger, simulator: Pick<Simulator, 'story'>): string[] {
  return [...ledger.machines].flatMap(([machineId, { intervals }]) => {
    const story = simulator.story(machineId)
    return intervals.flatMap((interval) => {
      const { end, kbId } = interval
      if (!end || story.some((fact) => bearsOut(fact, interval)) || isForgotten(machineId, interval)) return []
      return [`${machineId} ${kbId} ${end.reason} at ${end.look.snapshotId} is in no story`]
    })
  })
}

const isForgotten = (machineId: string, { end }: TrueInterval): boolean => end?.reason === 'reassessed' && end.look.forgotten.has(machineId)

function bearsOut(fact: Fact, { kbId, end }: TrueInterval): boolean {
  if (!end) return false
  const isBetween = (at: number | undefined) => at !== undefined && at > end.lastMissing.at && at <= end.look.at
  switch (end.reason) {
    case 'installed':
      return fact.kind === 'installed' && fact.kbIds.includes(kbId) && isBetween(fact.reportedAt)
    case 'superseded':
      return (
        (fact.kind === 'superseded' && fact.kbId === kbId && isBetween(fact.at)) ||
        (fact.kind === 'installed' && fact.kbIds.includes(kbId) && isBetween(fact.reportedAt))
      )
    case 'upgraded':
      return fact.kind === 'upgraded' && isBetween(fact.reportedAt)
    case 'silent':
      return fact.kind === 'silent' && fact.from <= end.look.at
    case 'removed':
      return (fact.kind === 'left' && isBetween(fact.at)) || fact.kind === 'silent'
    case 'reassessed':
    case 'excluded':
      return false
  }
}
