import { expect, it } from 'vitest'
import { catalogueStanding, NEW_CATALOGUE } from '../../src/domain/index.ts'

it('the catalogue is off, never read, fresh, or stale after three days', () => {
  const now = Date.parse('2026-04-18T04:00:00Z')
  const at = (refreshedAt: string | null, isOn = true) => catalogueStanding({ isOn }, { ...NEW_CATALOGUE, refreshedAt }, now)
  expect(at(null)).toEqual({ status: 'never' })
  expect(at('2026-04-15T04:00:00.000Z')).toEqual({ status: 'fresh', refreshedAt: '2026-04-15T04:00:00.000Z' })
  expect(at('2026-04-15T03:59:59.000Z')).toEqual({ status: 'stale', refreshedAt: '2026-04-15T03:59:59.000Z' })
  expect([at(null, false), at('2026-04-01T04:00:00.000Z', false)]).toEqual([
    { status: 'off' },
    { status: 'off', refreshedAt: '2026-04-01T04:00:00.000Z' },
  ])
})
