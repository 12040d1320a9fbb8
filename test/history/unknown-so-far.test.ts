import { describe, expect, it } from 'vitest'
import type { Machine, PhaseName, UnknownMachine } from '../../src/domain/index.ts'
import { SCAN_POLICY } from '../../src/history/read-policy.ts'
import { unknownSoFar } from '../../src/history/unknown-so-far.ts'
import { type Page, takePage } from '../../src/http/page.ts'
import type { KeySpan, SpanPage, TenantStore } from '../../src/store/index.ts'
import { listing, machineIdOf, outcome } from '../support/store-rows.ts'

const SNAPSHOT = '20260612T020000Z'
const FLEET = 45_000
const ROWS_A_PAGE = 1000

/** A fleet of which every 9,000th machine gave no answer. */
function fleet(): { store: Pick<TenantStore, 'machines'>; reads: () => number } {
  let reads = 0
  async function* span({ from }: KeySpan): AsyncGenerator<SpanPage<Machine>> {
    for (let index = from.row === '' ? 0 : Number.parseInt(from.row, 16) + 1; index < FLEET; index += ROWS_A_PAGE) {
      reads += 1
      const count = Math.min(ROWS_A_PAGE, FLEET - index)
      yield { rows: Array.from({ length: count }, (_, offset) => machine(index + offset)), scanned: count, end: undefined }
    }
  }
  return { store: { machines: { span } as unknown as TenantStore['machines'] }, reads: () => reads }
}

function machine(index: number): Machine {
  const machineId = machineIdOf(index)
  return { ...listing(machineId), ...outcome(machineId, index % 9000 === 0 ? { state: 'unknown' } : {}) } as Machine
}

const running = (phase: PhaseName) => ({ snapshotId: SNAPSHOT, phase })

describe('the machines that a running snapshot could not observe', () => {
  it.each([1, 2, 100])('are all found once in pages of %i, none of which looks at more than it may', async (limit) => {
    const found: string[] = []
    for (let after: string | null | undefined = null; after !== undefined;) {
      const { store, reads } = fleet()
      const end = { limit, lookAtMost: SCAN_POLICY.machines, positionOf: ({ machineId }: { machineId: string }) => machineId }
      const { rows, stoppedAt }: Page<UnknownMachine, string> = await takePage(unknownSoFar(store, running('observing'), after), end)
      expect(rows.length).toBeLessThanOrEqual(limit)
      expect(reads() * ROWS_A_PAGE).toBeLessThanOrEqual(SCAN_POLICY.machines)
      found.push(...rows.map(({ machineId }) => machineId))
      after = stoppedAt
    }
    expect(found).toEqual([0, 9000, 18_000, 27_000, 36_000].map(machineIdOf))
  })

  it('are none while the machines are listed, which takes no reading', async () => {
    const { store, reads } = fleet()
    for await (const batch of unknownSoFar(store, running('listing'), null)) expect(batch).toBeUndefined()
    expect(reads()).toBe(0)
  })
})
