import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callerParameters } from '../../src/edge/caller-parameters.ts'
import { Refusal } from '../../src/edge/refusal.ts'

const of = (query: string, refused?: RegExp) => callerParameters(new URL(`https://patchtrail.example/api/diffs?${query}`), refused)

function refusalOf(query: string): Refusal | undefined {
  try {
    of(query)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return undefined
}

const readable = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '.'))

describe('the parameters of a caller', () => {
  it('are those that any client encodes, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(readable, readable)), (given) => {
        const own = given.filter(([name]) => !['code', 'clientid'].includes(name.toLowerCase()))
        expect(of(new URLSearchParams(given).toString())).toEqual(own)
        const encoded = given.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
        // Nothing before and nothing behind a sign is a parameter all the same, nothing between two separators is none.
        expect(of(encoded.join('&&'))).toEqual(own)
      }),
    )
  })

  it('are what URLSearchParams reads, or are refused', () => {
    const odd = fc.constantFrom(
      '%',
      '%f',
      '%ff',
      '%zz',
      '%00',
      '%41',
      '%C3%A4',
      '%c0%ae',
      '%ED%A0%80',
      '+',
      '=',
      '&',
      'a',
      'code',
      'ü',
      '\t',
      '%0d',
    )
    fc.assert(
      fc.property(
        fc.array(odd).map((pieces) => pieces.join('')),
        (query) => {
          const all = [...new URL(`https://patchtrail.example/?${query}`).searchParams]
          const own = all.filter(([name]) => !['code', 'clientid'].includes(name.toLowerCase()))
          if (!refusalOf(query)) expect(of(query)).toEqual(own)
          else expect(own.flat().some((text) => /[\uFFFD%\0\r\t]/.test(text))).toBe(true)
        },
      ),
    )
  })

  it.each([
    'q=%',
    'q=100%',
    'q=%f',
    'q=%zz',
    'q=%u0041',
    'q=%ff',
    'q=%c0%ae',
    'q=%ED%A0%80',
    'q=%00',
    'q=a%0Ab',
    'q=%7f',
    'q=%C2%85',
    'a=1&q=%1b',
  ])('that are not encoded as they should, or hold a control character, are refused by their name: %s', (query) => {
    expect(refusalOf(query)).toMatchObject({
      kind: 'invalidParameter',
      parameter: 'q',
      message: expect.stringContaining('"q" cannot be read') as string,
    })
  })

  it('are refused by their name where that is at fault', () => {
    expect(refusalOf('%ff=1')).toMatchObject({ parameter: '%ff' })
    expect(refusalOf('a%00=1')).toMatchObject({ parameter: 'a\0' })
    expect(refusalOf(`${'x'.repeat(5000)}%=%`)?.message.length).toBeLessThan(500)
    expect(refusalOf(`q=${'x'.repeat(5000)}%`)?.message.length).toBeLessThan(500)
  })

  it("may hold what OData takes for a space, and what is left of the platform is nobody's", () => {
    expect(refusalOf('q=a%09')).toMatchObject({ parameter: 'q' })
    expect(of('$filter=a%09eq%091&code=%ff&ClientId=%00&q=%EF%BF%BD', /[^\P{Cc}\t]/u)).toEqual([
      ['$filter', 'a\teq\t1'],
      ['q', '\uFFFD'],
    ])
  })
})
