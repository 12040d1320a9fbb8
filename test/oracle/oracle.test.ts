import { expect, it } from 'vitest'
import { runOracle } from '../../dev/oracle/run-oracle.ts'
import { tell } from '../../dev/oracle/tell.ts'

/** A fleet in which everything happens within eight weeks; `npm run oracle` plays three larger ones through half a year. */
const FLEET = { seed: 4, machines: 40, weeks: 8 }

it(
  'every figure of every route is what the simulated world knows, whoever gave no answer and wherever the program was killed',
  { timeout: 300_000 },
  async () => {
    const run = await runOracle(FLEET)
    expect(tell(run).lines.join('\n')).toBe('')
    expect(run.questions).toBeGreaterThan(1_000)

    // It would prove little of what did not happen.
    const { looks } = run.ledger
    expect(looks.filter(({ killed }) => killed).length).toBeGreaterThanOrEqual(2)
    expect(looks.some(({ unknown }) => unknown.size > 0)).toBe(true)
    const intervals = run.ledger.intervals().map(({ interval }) => interval)
    const happened = intervals.flatMap(({ reason, end, takenOver }) => [
      reason,
      ...(end ? [`${end.reason} ${end.stillExposed}`] : []),
      ...(takenOver ? ['taken over'] : []),
    ])
    expect([...new Set(happened)].sort()).toEqual([
      'baseline',
      'installed false',
      'machineAdded',
      'new',
      'reassessed null',
      'removed null',
      'reopened',
      'silent null',
      'superseded null',
      'superseded true',
      'taken over',
      'upgraded false',
    ])
  },
)
