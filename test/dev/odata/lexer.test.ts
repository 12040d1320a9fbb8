import { describe, expect, it } from 'vitest'
import { holds, readCondition } from '../../../dev/odata/condition.ts'
import { Lexer } from '../../../dev/odata/lexer.ts'

const refusal = (detail: string) => new SyntaxError(detail)
const open = (text: string, ignoresCase = false) => new Lexer(text, { ignoresCase, refusal })

describe('an OData expression', () => {
  it('is taken apart into marks, quoted texts with their prefix, and words', () => {
    const lexer = open("startswith(a,'it''s') and b ge datetime'2026-03-01'  ")
    const tokens = Array.from({ length: 11 }, () => lexer.next())
    expect(tokens.map(({ kind }) => kind).join(' ')).toBe('word mark word mark quoted mark word word word quoted end')
    expect(tokens.map(({ text }) => text)).toEqual(['startswith', '(', 'a', ',', "it's", ')', 'and', 'b', 'ge', '2026-03-01', ''])
    expect(tokens[9]?.prefix).toBe('datetime')
  })

  it('has keywords in whatever case its dialect takes', () => {
    expect(open('AND', true).takeWord('and')).toBe(true)
    expect(open('AND').takeWord('and')).toBe(false)
    expect(open("'and'").takeWord('and')).toBe(false)
  })

  it.each(["'open", "a 'b"])('is refused where it cannot be read: %s', (text) => expect(() => open(text)).toThrow(SyntaxError))

  it.each([
    ['f or t and f', false],
    ['t or f and f', true],
    ['(t or f) and f', false],
    ['not f and f', false],
    ['not (f and f)', true],
    ['not not t', true],
  ])('%s is %s', (text, expected) => {
    const condition = readCondition(open(text), (lexer) => ({ kind: 'comparison' as const, value: lexer.next().text === 't' }))
    expect(holds(condition, ({ value }) => value)).toBe(expected)
  })

  it.each(['t)', '(t', 't t'])('%s is no condition', (text) => {
    expect(() => readCondition(open(text), (lexer) => ({ kind: 'comparison' as const, word: lexer.next() }))).toThrow(SyntaxError)
  })
})
