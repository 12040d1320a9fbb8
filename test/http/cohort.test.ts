import { expect, it } from 'vitest'
import { NO_RESOLVED } from '../../src/domain/index.ts'
import { toCohort } from '../../src/http/shapes/cohort.ts'

const pointOf = (day: number, installed: number, superseded: number) => ({
  ...{ cohort: '202605', day: `202605${12 + day}`, snapshotId: `202605${12 + day}T170000Z`, kbs: 1, opened: 10 },
  ...{ missing: 10 - installed - superseded, became: { ...NO_RESOLVED, installed, superseded } },
})

it('a cohort is patched when it is installed: what was superseded brings it no nearer', () => {
  const cohort = { cohort: '202605', points: [pointOf(0, 0, 0), pointOf(3, 2, 7), pointOf(7, 5, 5), pointOf(9, 9, 1)] }
  expect(toCohort(cohort)).toMatchObject({ patchTuesday: '2026-05-12T17:00:00.000Z', daysToHalf: 7, daysToNineTenths: 9 })
  expect(toCohort({ ...cohort, points: cohort.points.slice(0, 2) })).toMatchObject({ daysToHalf: null, daysToNineTenths: null })
  expect(toCohort({ ...cohort, points: [] })).toMatchObject({ opened: 0, daysToHalf: null })
})
