import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, BUCKETS, isGapKey, keyPart, keyPartToId, keyRange, monthOf, rowKeys, STATE_ROW } from '../../src/store/keys.ts'

const ids = fc.string({ unit: 'grapheme', maxLength: 12 })
/** Text that looks like an encoded part. */
const encoded = fc.string({ unit: fc.constantFrom(':0020', ':002f', ':', '0', ' ', '|'), maxLength: 6 })
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), encoded)
const machineIds = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 })
const snapshotIds = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2039-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`)

describe('a part of a key', () => {
  it('holds only characters that every client and service takes', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        expect(keyPart(id)).toMatch(/^[A-Za-z0-9._:-]*$/)
      }),
    )
  })

  it('gives back the id it was made of, so that two ids never share a key', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        expect(keyPartToId(keyPart(id))).toBe(id)
      }),
    )
  })

  it('leaves the ids that Defender gives as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), (id) => {
        expect(keyPart(id)).toBe(id)
      }),
    )
  })

  it('shows its encoding in an example', () => {
    expect(keyPart('KB 1/2')).toBe('KB:00201:002f2')
  })
})

describe('a range of keys', () => {
  it('holds exactly the keys that begin with its parts', () => {
    const part = ids.map(keyPart)
    fc.assert(
      fc.property(part, part, part, (prefix, other, rest) => {
        const { from, to } = keyRange(prefix)
        const inRange = (key: string) => key >= from && key < to
        expect(inRange(`${prefix}|${rest}`)).toBe(true)
        expect(inRange(`${other}|${rest}`)).toBe(other === prefix)
        expect(inRange(prefix)).toBe(false)
      }),
      {
        examples: [
          ['a', 'ab', ''],
          ['ab', 'a', ''],
          ['a', 'a-', 'b'],
          ['a', 'a:', 'b'],
        ],
      },
    )
  })
})

describe('row keys', () => {
  it('tell every interval from every other, from the state row and from gaps', () => {
    const interval = fc.tuple(ids, snapshotIds)
    fc.assert(
      fc.property(interval, interval, ([kb, snapshot], [otherKb, otherSnapshot]) => {
        expect(rowKeys.interval(kb, snapshot) === rowKeys.interval(otherKb, otherSnapshot)).toBe(
          kb === otherKb && snapshot === otherSnapshot,
        )
        expect(rowKeys.interval(kb, snapshot)).not.toBe(STATE_ROW)
        for (const id of [kb, 'gap', `gap${kb}`, `gap:${kb}`]) expect(isGapKey(rowKeys.interval(id, snapshot))).toBe(false)
        expect(isGapKey(rowKeys.gap(snapshot))).toBe(true)
      }),
    )
  })

  it('sort changes by machine first, through buckets and within them', () => {
    const change = fc.tuple(machineIds, ids)
    fc.assert(
      fc.property(change, change, ([machine, kb], [otherMachine, otherKb]) => {
        fc.pre(machine < otherMachine)
        const place = (id: string, kbId: string) => `${bucketOf(id)} ${rowKeys.change(id, kbId)}`
        expect(place(machine, kb) < place(otherMachine, otherKb)).toBe(true)
      }),
    )
  })

  it('give every id a bucket that is read', () => {
    fc.assert(
      fc.property(anyText, (id) => {
        expect(BUCKETS).toContain(bucketOf(id))
      }),
    )
  })
})

it('keeps the changes of a month in one table', () => {
  expect(monthOf('20260612T020000Z')).toBe('202606')
})
