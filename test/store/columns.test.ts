import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Column,
  flag,
  integer,
  json,
  optionalInteger,
  optionalText,
  optionalWord,
  text,
  textList,
  word,
} from '../../src/store/columns.ts'

const WORDS = ['one', 'two'] as const

describe('a column', () => {
  it.each<[string, Column<unknown>, fc.Arbitrary<unknown>]>([
    ['text', text, fc.string()],
    ['optionalText', optionalText, fc.option(fc.string({ minLength: 1 }))],
    ['word', word(WORDS), fc.constantFrom(...WORDS)],
    ['optionalWord', optionalWord(WORDS), fc.option(fc.constantFrom(...WORDS))],
    ['integer', integer, fc.nat()],
    ['optionalInteger', optionalInteger, fc.option(fc.nat())],
    ['flag', flag, fc.boolean()],
    ['textList', textList, fc.array(fc.string())],
  ])('%s gives back what it was given', (_, column, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(column.decode(column.encode(value))).toEqual(value)
      }),
    )
  })

  it('of words takes no other word, whoever wrote it', () => {
    for (const column of [word(WORDS), word(WORDS, 'one'), optionalWord(WORDS)]) {
      for (const stored of ['three', 'toString', 1, true]) expect(column.decode(stored)).toBeUndefined()
    }
  })

  it('of words that is not there reads as what was said for that, or cannot be read', () => {
    expect(word(WORDS, 'two').decode(undefined)).toBe('two')
    expect(optionalWord(WORDS).decode(undefined)).toBeNull()
    expect(word(WORDS).decode(undefined)).toBeUndefined()
  })

  it('of JSON takes only what fits its schema', () => {
    const column = json(z.object({ count: z.int() }), { count: 0 }, ({ count }) => count === 0)
    expect(column.decode('{"count":3}')).toEqual({ count: 3 })
    expect(column.decode('')).toEqual({ count: 0 })
    for (const stored of ['{"count":"3"}', '{"count":3', 'null', 3]) expect(column.decode(stored)).toBeUndefined()
    expect(textList.decode('["a",1]')).toBeUndefined()
  })
})
