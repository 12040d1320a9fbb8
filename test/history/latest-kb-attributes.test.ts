import { describe, expect, it } from 'vitest'
import type { Kb } from '../../src/domain/index.ts'
import { withLatestAttributes } from '../../src/history/latest-kb-attributes.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { interval } from '../support/store-rows.ts'

const SEEN = {
  firstSeenSnapshotId: '20260501T020000Z',
  cohort: '202604',
  outcomes: null,
  lastSeenSnapshotId: '20260612T020000Z',
  machinesMissing: 1,
  machinesOverdue: null,
}

/** The `kbs` table, with what was read from it. */
function kbsOf(rows: readonly Kb[]) {
  const read: string[] = []
  let atOnce = 0
  let mostAtOnce = 0
  const get = async (kbId: string) => {
    read.push(kbId)
    mostAtOnce = Math.max(mostAtOnce, (atOnce += 1))
    await Promise.resolve()
    atOnce -= 1
    return rows.find((row) => row.kbId === kbId)
  }
  return { store: { kbs: { get } as unknown as TenantStore['kbs'] }, read, mostAtOnce: () => mostAtOnce }
}

describe('the attributes of the KBs of a machine', () => {
  it('are the latest, each where there is one, and else those of the interval', async () => {
    const { store } = kbsOf([
      { kbId: '1', kbName: 'New name', productsNames: ['windows_11'], url: 'https://new.example/', cveAddressed: 0, ...SEEN },
      { kbId: '2', kbName: null, productsNames: [], url: null, cveAddressed: null, ...SEEN },
    ])
    const opened = { kbName: 'Old name', productsNames: ['windows_10'], url: 'https://old.example/', cveAddressed: 7 }
    const [first, second, third] = await withLatestAttributes(store, [interval('1', opened), interval('2', opened), interval('3', opened)])
    expect(first).toEqual(
      interval('1', { kbName: 'New name', productsNames: ['windows_11'], url: 'https://new.example/', cveAddressed: 0 }),
    )
    expect([second, third]).toEqual([interval('2', opened), interval('3', opened)])
  })

  it('take one read a KB, and few at once', async () => {
    const { store, read, mostAtOnce } = kbsOf([])
    const kbIds = Array.from({ length: 100 }, (_, index) => String(index))
    await withLatestAttributes(
      store,
      [...kbIds, ...kbIds].map((kbId) => interval(kbId)),
    )
    expect(read).toEqual(kbIds)
    expect(mostAtOnce()).toBeLessThanOrEqual(16)
  })
})
