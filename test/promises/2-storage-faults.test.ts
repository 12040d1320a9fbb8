import { beforeAll, describe, expect, it } from 'vitest'
import type { Rows } from '../../dev/comparable-rows.ts'
import type { Behaviour } from '../../dev/table-service/index.ts'
import { CALM, DISTURBANCES } from '../support/disturbances.ts'
import { begin, type FrozenWorld, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { sharing } from '../support/sharing.ts'
import { LOOKS, rowsOfRun } from '../support/two-looks.ts'
import { Worker } from '../support/worker.ts'
import { MINUTE } from '../support/world.ts'

async function takeBoth(frozenWorld: FrozenWorld, prefix: string, disturbance: Partial<Behaviour>, lives: boolean) {
  const run = await startRun(frozenWorld, prefix)
  const worker = await Worker.start(frozenWorld, run)
  for (const look of LOOKS) {
    await begin(frozenWorld, run, look)
    frozenWorld.world.disturbTables(disturbance)
    await worker.outlast({ diesAt: (ticks) => (lives ? 20 + 7 * ticks : Infinity), pause: () => run.clock.advance(2 * MINUTE) })
    frozenWorld.world.disturbTables(CALM)
  }
  return rowsOfRun(run)
}

describe('a snapshot over a table service', () => {
  let frozenWorld: FrozenWorld
  let undisturbed: Rows
  beforeAll(() =>
    sharing(async (atEnd) => {
      frozenWorld = await startFrozenWorld({ machines: 20, seed: 18, tables: 'tableService', atEnd })
      undisturbed = await takeBoth(frozenWorld, 'calm', {}, false)
      expect(undisturbed.size).toBeGreaterThan(50)
    }),
  )

  for (const [number, [name, disturbance]] of Object.entries(DISTURBANCES).entries()) {
    for (const lives of [false, true]) {
      it(
        `${name}${lives ? ', with workers that are killed,' : ''} ends with the rows of an undisturbed one`,
        { timeout: 300_000 },
        async () => {
          expect(await takeBoth(frozenWorld, `stormy${number}${lives}`, disturbance, lives)).toEqual(undisturbed)
        },
      )
    }
  }
})
