import { expect, test } from 'vitest'
import type { Deadline } from '../../src/domain/index.ts'
import { isAsked } from '../../src/http/fact-parameters.ts'

const DEADLINES: Deadline[] = [
  { kind: 'due', day: '2026-03-12', rule: 'r' },
  { kind: 'due', day: '2026-03-13', rule: 'r' },
  { kind: 'none' },
  { kind: 'unknown' },
]
const asked = (overdue: Parameters<typeof isAsked>[1]) => DEADLINES.map((deadline) => isAsked(deadline, overdue, '20260313T020000Z'))

test('what no rule applies to is neither overdue, nor in time, nor unknown', () => {
  expect(asked('true')).toEqual([true, false, false, false])
  expect(asked('false')).toEqual([false, true, false, false])
  expect(asked('unknown')).toEqual([false, false, false, true])
  expect(asked(undefined)).toEqual([true, true, true, true])
})
