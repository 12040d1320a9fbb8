import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attributes, isDescribedAlike, pickAttributes, renewed, united } from '../../src/domain/index.ts'

const ATTRIBUTES = {
  name: { kind: 'text', description: 'its name' },
  link: { kind: 'address', description: 'where it is' },
  size: { kind: 'count', description: 'how many' },
  tags: { kind: 'textList', description: 'what it is for' },
} as const satisfies Attributes

const described = fc.record({
  name: fc.option(fc.constantFrom('a', 'b', 'c')),
  link: fc.option(fc.constantFrom('https://a', 'https://b')),
  size: fc.option(fc.nat(5)),
  tags: fc.subarray(['x', 'y', 'z']),
})
const lesser = (one: string, other: string) => (one <= other ? one : other)

describe('attributes', () => {
  it('are renewed by what a newer description says, and keep what it does not say', () => {
    fc.assert(
      fc.property(described, described, (known, newer) => {
        const next = renewed(ATTRIBUTES, known, newer)
        expect(next.name).toBe(newer.name ?? known.name)
        expect(next.size).toBe(newer.size ?? known.size)
        expect(next.tags).toEqual(newer.tags.length > 0 ? newer.tags : known.tags)
        expect(renewed(ATTRIBUTES, next, newer)).toEqual(next)
      }),
    )
  })

  it('are united the same in whatever order, and lose nothing', () => {
    fc.assert(
      fc.property(described, described, described, (one, two, three) => {
        const unite = (a: typeof one, b: typeof one) => ({ ...a, ...united(ATTRIBUTES, [a, b], lesser) }) as typeof one
        const all = unite(unite(one, two), three)
        const sorted = (value: typeof one) => ({ ...value, tags: [...value.tags].sort() })
        expect(sorted(unite(three, unite(two, one)))).toEqual(sorted(all))
        expect(new Set(all.tags)).toEqual(new Set([...one.tags, ...two.tags, ...three.tags]))
        expect(all.size).toBe(
          [one, two, three].reduce<number | null>((most, { size }) => (size === null ? most : Math.max(most ?? 0, size)), null),
        )
      }),
    )
  })

  it('are the same list when another one adds nothing, so that nothing is written for it', () => {
    const known = { name: 'a', link: null, size: 1, tags: ['z', 'a'] }
    expect(united(ATTRIBUTES, [known, { ...known, tags: ['a'] }], lesser).tags).toBe(known.tags)
  })

  it('are described alike exactly when each is the same', () => {
    fc.assert(
      fc.property(described, described, (one, other) => {
        expect(isDescribedAlike(ATTRIBUTES, one, { ...one, tags: [...one.tags] })).toBe(true)
        expect(isDescribedAlike(ATTRIBUTES, one, other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
    )
  })

  it('are picked from among other properties, in their own order', () => {
    const more = { tags: ['x'], more: 1, size: null, link: null, name: 'a' }
    expect(Object.keys(pickAttributes(ATTRIBUTES, more))).toEqual(['name', 'link', 'size', 'tags'])
  })
})
