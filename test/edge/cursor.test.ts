import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../src/edge/cursor.ts'

const schema = z.object({ machineId: z.string(), kbId: z.string() })
const positions = fc.record({ machineId: fc.string({ unit: 'binary' }), kbId: fc.string({ unit: 'grapheme' }) })
const scopes = fc.array(fc.string(), { maxLength: 3 })

describe('a cursor', () => {
  it('reads back as the position it was made of', () => {
    fc.assert(
      fc.property(positions, scopes, (position, scope) => {
        expect(decodeCursor(encodeCursor(position, scope), scope, schema)).toEqual(JSON.parse(JSON.stringify(position)))
      }),
    )
  })

  it('is refused by any other query', () => {
    fc.assert(
      fc.property(positions, scopes, scopes, (position, scope, other) => {
        fc.pre(JSON.stringify(scope) !== JSON.stringify(other))
        expect(decodeCursor(encodeCursor(position, scope), other, schema)).toBeUndefined()
      }),
    )
  })

  it('is refused when any character was changed, removed or added', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.constantFrom(...'Aa0-_', ''), (position, pick, character) => {
        const cursor = encodeCursor(position, ['diffs'])
        const place = pick % cursor.length
        const tampered = [
          cursor.slice(0, place) + character + cursor.slice(place + 1),
          cursor.slice(0, place) + character + cursor.slice(place),
        ].filter((text) => text !== cursor)
        for (const text of tampered) expect(decodeCursor(text, ['diffs'], schema)).toBeUndefined()
      }),
    )
  })

  it('has one spelling: its last character stands for bits that nothing reads', () => {
    const cursor = encodeCursor({ machineId: 'ab', kbId: '12' }, [])
    expect(cursor.length % 4).not.toBe(0)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const read = [...alphabet].filter((last) => decodeCursor(cursor.slice(0, -1) + last, [], schema) !== undefined)
    expect(read).toEqual([cursor.at(-1)])
  })

  it('is refused when it is no cursor at all', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,60}$/), (text) => {
        expect(decodeCursor(text, ['diffs'], schema)).toBeUndefined()
      }),
    )
  })

  it('is refused when it is the rightly digested cursor of no JSON', () => {
    const json = '{"machineId":'
    const digest = createHash('sha256')
      .update(JSON.stringify([json, []]))
      .digest('base64url')
      .slice(0, 16)
    expect(decodeCursor(Buffer.from(digest + json).toString('base64url'), [], schema)).toBeUndefined()
  })

  it('is refused when what it holds does not fit', () => {
    expect(decodeCursor(encodeCursor({ machineId: 1 }, []), [], schema)).toBeUndefined()
  })
})
