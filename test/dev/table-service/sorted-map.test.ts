import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedMap } from '../../../dev/table-service/sorted-map.ts'

const key = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', '\u0000', 'é', '日') })

describe('a sorted map', () => {
  it('does what a plain map does that is sorted for every scan', () => {
    const change = fc.record({ key, value: fc.option(fc.nat(), { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), key, (changes, from) => {
        const sorted = new SortedMap<number>()
        const plain = new Map<string, number>()
        for (const { key, value } of changes) {
          if (value === undefined) expect(sorted.delete(key)).toBe(plain.delete(key))
          else {
            sorted.set(key, value)
            plain.set(key, value)
          }
          expect(sorted.get(key)).toBe(plain.get(key))
        }
        expect(sorted.size).toBe(plain.size)
        expect(scan(sorted, from)).toEqual([...plain].filter(([each]) => each >= from).sort(([a], [b]) => (a < b ? -1 : 1)))
      }),
    )
  })

  it.each([
    ['ascending', 1],
    ['descending', -1],
    ['scattered', 7919],
  ])('stays whole over many blocks of %s keys', (_, step) => {
    const count = 20_011
    const sorted = new SortedMap<number>()
    const name = (index: number) => String(index).padStart(6, '0')
    for (let index = 0; index < count; index++) {
      const place = (((index * step) % count) + count) % count
      sorted.set(name(place), place)
    }
    expect(scan(sorted, '')).toEqual(Array.from({ length: count }, (__, index) => [name(index), index]))
    for (let index = 0; index < count; index++) if (index % 3 !== 0) sorted.delete(name(index))
    expect(scan(sorted, name(9_000)).slice(0, 2)).toEqual([
      [name(9_000), 9_000],
      [name(9_003), 9_003],
    ])
    expect(sorted.size).toBe(Math.ceil(count / 3))
  })

  it('stops a scan where it is told to', () => {
    const sorted = new SortedMap<number>()
    for (let index = 0; index < 2_000; index++) sorted.set(String(index).padStart(4, '0'), index)
    let visited = 0
    sorted.scan('0500', () => ++visited < 10)
    expect(visited).toBe(10)
  })
})

function scan(map: SortedMap<number>, from: string): [string, number][] {
  const entries: [string, number][] = []
  map.scan(from, (key, value) => entries.push([key, value]) > 0)
  return entries
}
