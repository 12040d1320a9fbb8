import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/defender/redact.ts'
import { decodeKbs, decodeMachines } from '../../src/defender/wire.ts'
import { keyPart, rowKeys } from '../../src/store/keys.ts'
import { answerOf, startAnsweringWorld } from '../support/answering-world.ts'

const SNAPSHOT = '20260302T020000Z'
const MACHINE = 'f'.repeat(100)

/** What a storage service may refuse in a text: halves of surrogate pairs, and what Azurite takes for the end of a line. */
const REFUSED = /[\p{Cs}\u2028\u2029]/u

const oddText = fc.string({
  unit: fc.constantFrom('a', ' ', '/', 'é', '漢', '😀', '\ud83d', '\ude00', '\u2028', '\u2029', '\u0000'),
  maxLength: 110,
})

describe('whatever an id is', () => {
  it('every key that is made of it has less than 512 characters', () => {
    fc.assert(
      fc.property(fc.oneof(oddText, fc.string({ unit: 'binary', maxLength: 110 }), fc.string({ maxLength: 110 })), (id) => {
        const decoded = decodeKbs({ value: [{ id }, { id: '1' }] })
        if (!decoded.ok) return
        for (const { kbId } of decoded.value.kbs) {
          const keys = [keyPart(kbId), rowKeys.interval(kbId, SNAPSHOT), rowKeys.change(MACHINE, kbId)]
          for (const key of keys) expect(key.length).toBeLessThan(512)
          expect(kbId).not.toMatch(REFUSED)
        }
      }),
      { examples: [['é'.repeat(100)], ['é'.repeat(80)], ['😀'.repeat(50)], ['\u2028x'], ['a\u2029b']] },
    )
  })

  it('plain ones are kept up to 100 characters, others as far as their keys go', () => {
    for (const id of ['a'.repeat(100), 'é'.repeat(80), `${'a'.repeat(25)}${'é'.repeat(75)}`]) {
      expect(decodeKbs({ value: [{ id }] })).toMatchObject({ ok: true, value: { kbs: [{ kbId: id }] } })
    }
    for (const id of ['a'.repeat(101), 'é'.repeat(81), 'é'.repeat(100)]) {
      expect(decodeKbs({ value: [{ id }] })).toMatchObject({ ok: false, reason: 'value.0.id: is no KB id' })
    }
  })
})

describe('whatever a text is', () => {
  it('what is stored of it holds nothing that a storage refuses', () => {
    fc.assert(
      fc.property(oddText, fc.nat(30), (odd, times) => {
        const text = odd.repeat(times)
        const kbs = decodeKbs({
          value: [{ id: '1', name: text, url: `https://x/${text}`, osBuild: text, productsNames: [text, `${text}x`] }],
        })
        const machines = decodeMachines({ value: [{ id: 'a', computerDnsName: text, machineTags: [text] }] })
        expect([kbs.ok, machines.ok]).toEqual([true, true])
        for (const value of textsOf([kbs, machines, redact(text)])) expect(value).not.toMatch(REFUSED)
      }),
      { examples: [['😀', 250]] },
    )
  })

  it('the tick goes on, in Azurite as well, and a machine with such an id is unknown', async () => {
    const odd = { name: 'March\u20282026', productsNames: ['edge\u2029', 'x\u2028y'], url: 'https://example.com/\u2028' }
    const steps = [
      answerOf({ id: '1', ...odd }),
      answerOf({ id: '1\u20282' }),
      answerOf({ id: 'é'.repeat(100) }),
      answerOf({ id: 'é'.repeat(80) }),
    ]
    const { snapshot } = await startAnsweringWorld(steps, { tables: 'azurite' })
    const { row, machines } = await snapshot()
    expect(row).toMatchObject({ status: 'incomplete', observed: 2, unknown: 2, missingPairs: 2, appeared: 2 })
    expect(machines).toEqual(['observed', 'malformedBody', 'malformedBody', 'observed'])
  })
})

/** Every text in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
