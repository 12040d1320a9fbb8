import { describe, expect, it } from 'vitest'
import { nextDueMs, nextRefreshMs, plan } from '../../src/catalogue/plan.ts'
import type { Update } from '../../src/catalogue/read-updates.ts'
import { type CatalogueDocument, UNREAD_DOCUMENT } from '../../src/domain/index.ts'

const HOUR = 3_600_000
/** So that the timer of that hour finds it due. */
const MARGIN = 300_000
const NOW = Date.parse('2026-04-15T04:07:00Z')

const update = (documentId: string, initialDay: string, revision = '2026-04-01T07:00:00.000Z'): Update => ({
  documentId,
  initialDay,
  revision,
})
const UPDATES = [
  update('2017-May', '2017-05-09'),
  update('2017-May-B', '2017-05-08'),
  update('2026-Feb', '2026-02-10'),
  update('2026-Mar', '2026-03-10'),
  update('2026-Apr', '2026-04-14'),
]

const known = (documentId: string, parts: Partial<CatalogueDocument> = {}): CatalogueDocument => ({
  ...{ documentId, ...UNREAD_DOCUMENT, revision: '2026-04-01T07:00:00.000Z', readDay: '2026-04-02', kbs: 100 },
  ...parts,
})

function planned(documents: readonly CatalogueDocument[], months: readonly string[], nowMs = NOW): string[] {
  const of = new Map(documents.map((document) => [document.documentId, document]))
  return plan({ updates: UPDATES, documents: of, months, nowMs }).map(({ documentId }) => documentId)
}

describe('the documents to read', () => {
  it('are at first those of months that KBs need, and no other; what is missing now comes first', () => {
    expect(planned([], ['202602', '202604', '202603'])).toEqual(['2026-Feb', '2026-Apr', '2026-Mar'])
    expect(planned([], ['202512'])).toEqual([])
  })

  it('are all of a month', () => {
    expect(planned([], ['201705'])).toEqual(['2017-May', '2017-May-B'])
  })

  it('are then those that moved, needed or not, before those that are new', () => {
    const moved = known('2026-Feb', { revision: '2026-03-01T07:00:00.000Z' })
    expect(planned([moved, known('2026-Mar')], ['202604'])).toEqual(['2026-Feb', '2026-Apr'])
  })

  it('are read again that were read on the day of their release, on the next day and not before', () => {
    const provisional = known('2026-Apr', { readDay: '2026-04-14', isProvisional: true })
    expect(planned([provisional], ['202604'], Date.parse('2026-04-14T23:59:59Z'))).toEqual([])
    expect(planned([provisional], ['202604'], Date.parse('2026-04-15T00:00:00Z'))).toEqual(['2026-Apr'])
    expect(planned([known('2026-Apr', { readDay: '2026-04-15' })], ['202604'])).toEqual([])
  })

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 8],
    [6, 24],
    [7, 24],
    [100, 24],
  ])('that failed %i times on end wait for nearly %i hours', (failures, hours) => {
    const failed = known('2026-Apr', {
      ...UNREAD_DOCUMENT,
      failures,
      failedAt: new Date(NOW).toISOString(),
      failedRevision: '2026-04-01T07:00:00.000Z',
    })
    expect(planned([failed], ['202604'], NOW + hours * HOUR - MARGIN - 1)).toEqual([])
    expect(planned([failed], ['202604'], NOW + hours * HOUR - MARGIN)).toEqual(['2026-Apr'])
    const due = nextDueMs({ updates: UPDATES, documents: new Map([['2026-Apr', failed]]), nowMs: NOW })
    expect(due).toBe(Math.min(NOW + hours * HOUR - MARGIN, nextRefreshMs(NOW)))
  })

  it('that failed and have moved since do not wait', () => {
    const failed = known('2026-Apr', { failures: 5, failedAt: new Date(NOW).toISOString(), failedRevision: '2026-03-31T07:00:00.000Z' })
    expect(planned([{ ...failed, revision: '2026-03-01T07:00:00.000Z' }], [])).toEqual(['2026-Apr'])
  })
})

describe('the hour of refreshing', () => {
  it.each([
    ['2026-04-15T03:59:59Z', '2026-04-15T04:00:00.000Z'],
    ['2026-04-15T04:00:00Z', '2026-04-16T04:00:00.000Z'],
    ['2026-12-31T23:00:00Z', '2027-01-01T04:00:00.000Z'],
  ])('after %s is %s', (now, next) => expect(new Date(nextRefreshMs(Date.parse(now))).toISOString()).toBe(next))
})
