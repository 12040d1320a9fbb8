import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kbInOneSnapshot, LONGEST_LIST_CHARACTERS, mergeKbs, textListOf } from '../../src/domain/index.ts'
import { kbOf } from '../support/scripted-world.ts'

/** Few texts that together are far too many for one list, so that order decides if it can. */
const long = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 12_000 }))
  .map(([text, times]) => text.repeat(times))
const list = fc.uniqueArray(long, { maxLength: 6 }).map(textListOf)
const described = (productsNames: readonly string[]) => ({ ...kbOf('1'), productsNames })

describe('a list of texts', () => {
  it('never has more characters than storage takes, and loses nothing where all have room', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(long, fc.string())), (texts) => {
        const whole = [...new Set(texts)].sort()
        const kept = textListOf(texts)
        expect(JSON.stringify(kept).length).toBeLessThanOrEqual(LONGEST_LIST_CHARACTERS + 1)
        if (JSON.stringify(whole).length <= LONGEST_LIST_CHARACTERS) expect(kept).toEqual(whole)
      }),
    )
  })

  it('united from others is the same whatever their order, and however often', () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat()), (lists, numbers) => {
        const shuffled = lists.map((each) => ({ each, at: Number(numbers.next().value) })).sort((one, other) => one.at - other.at)
        const unite = (all: readonly (readonly string[])[]) =>
          all.map(described).reduce((one, other) => ({ ...one, ...kbInOneSnapshot(one, other) }))
        const united = unite(lists).productsNames
        expect(JSON.stringify(united).length).toBeLessThanOrEqual(LONGEST_LIST_CHARACTERS + 1)
        expect(unite(shuffled.map(({ each }) => each)).productsNames).toEqual(united)
        expect(unite([...lists, ...lists]).productsNames).toEqual(united)
        expect(mergeKbs(lists.map(described))[0]?.productsNames).toEqual(united)
      }),
    )
  })
})
