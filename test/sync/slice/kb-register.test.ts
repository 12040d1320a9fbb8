import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Kb, MissingKb } from '../../../src/domain/index.ts'
import { refreshKb } from '../../../src/sync/slice/kb-register.ts'

const NOW = '20260612T020000Z'
const known: Kb = {
  kbId: '5094127',
  kbName: 'old name',
  productsNames: ['windows_10'],
  url: 'https://old',
  cveAddressed: 5,
  firstSeenSnapshotId: '20260605T020000Z',
  cohort: '202605',
  outcomes: null,
  lastSeenSnapshotId: '20260605T020000Z',
  machinesMissing: 7,
  machinesOverdue: null,
}
const complete = fc.record({
  kbId: fc.constant('5094127'),
  kbName: fc.constantFrom('June 2026 Security Updates', 'June 2026'),
  productsNames: fc.subarray(['windows_10', 'windows_11', 'edge'], { minLength: 1 }),
  url: fc.constantFrom('https://a', 'https://b'),
  cveAddressed: fc.nat({ max: 9 }),
})
const see = (start: Kb | undefined, kbs: readonly MissingKb[]) => kbs.reduce<Kb | undefined>((row, kb) => refreshKb(row, kb, NOW), start)

describe('what is known of a KB', () => {
  it('is the same after the answers of a snapshot in any order, and with some of them twice', () => {
    fc.assert(
      fc.property(fc.array(complete, { minLength: 1, maxLength: 6 }), fc.boolean(), (kbs, isNew) => {
        const start = isNew ? undefined : known
        expect(see(start, [...kbs].reverse().concat(kbs))).toEqual({ ...see(start, kbs), productsNames: expect.any(Array) as unknown })
        const names = (row: Kb | undefined) => [...(row?.productsNames ?? [])].sort()
        expect(names(see(start, [...kbs].reverse()))).toEqual(names(see(start, kbs)))
      }),
    )
  })

  it('is refreshed by the first answer of a snapshot', () => {
    const renamed = { kbId: '5094127', kbName: 'new name', productsNames: ['edge'], url: 'https://new', cveAddressed: 2 }
    expect(refreshKb(known, renamed, NOW)).toEqual({ ...known, ...renamed, lastSeenSnapshotId: NOW })
  })

  it('is not lost to an answer with nulls', () => {
    const nulls = { kbId: '5094127', kbName: null, productsNames: [], url: null, cveAddressed: null }
    expect(refreshKb(known, nulls, NOW)).toEqual({ ...known, lastSeenSnapshotId: NOW })
    const current = { ...known, lastSeenSnapshotId: NOW }
    expect(refreshKb(current, nulls, NOW)).toBe(current)
  })
})
