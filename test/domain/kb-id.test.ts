import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAskedKb, isSameKb, withoutKb } from '../../src/domain/index.ts'

const digits = fc.stringMatching(/^\d{1,9}$/)
const kb = fc.constantFrom('KB', 'kb', 'Kb', 'kB', 'KB ', 'kb  ')
const id = fc.oneof(
  digits,
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.tuple(kb, digits).map(([before, number]) => before + number),
)

describe('a KB that is asked for', () => {
  it('may have KB before its digits, in any letter case', () => {
    fc.assert(
      fc.property(digits, kb, kb, (number, one, other) => {
        expect(withoutKb(one + number)).toBe(number)
        expect(isAskedKb(one + number, number)).toBe(true)
        expect(isAskedKb(number, one + number)).toBe(true)
        expect(isAskedKb(one + number, other + number)).toBe(true)
      }),
    )
  })

  it('is any that has the same id, and no other one', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(isAskedKb(one, one)).toBe(true)
        expect(isAskedKb(one, other)).toBe(isAskedKb(other, one))
        if (isSameKb(one, other)) expect(isAskedKb(one, other)).toBe(true)
      }),
    )
  })

  it.each(['KB', 'KB ', 'KB5094127a', 'KB-5094127', 'KB 1/2', 'KBKB1', 'XKB1', 'KB1\n', 'KB\u06601', ''])(
    'is %j as it is spelt',
    (asked) => {
      expect(withoutKb(asked)).toBe(asked)
    },
  )

  it('is told apart by its digits', () => {
    expect(isAskedKb('KB5094127', '5094128')).toBe(false)
    expect(isAskedKb('KB05094127', '5094127')).toBe(false)
    expect(isAskedKb('KB12', 'KBA12')).toBe(false)
  })
})
