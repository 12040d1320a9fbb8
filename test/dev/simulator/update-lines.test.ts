import { describe, expect, test } from 'vitest'
import { readCatalog } from '../../../dev/simulator/catalog.ts'
import { orderIntoLines, type UpdateLine } from '../../../dev/simulator/update-lines.ts'

const lines = orderIntoLines(readCatalog(), 1)

function idsBetween(line: UpdateLine, from: string, to: string): string[] {
  return line.filter(({ kb }) => from <= kb.released && kb.released < to).map(({ kb }) => kb.id)
}

describe('the update lines', () => {
  test('of a Windows version are its monthly cumulative updates, with hotpatches and updates out of band beside them', () => {
    const windows = lines.windows.get('Windows 11 Version 24H2')
    expect(idsBetween(windows?.cumulative ?? [], '2025-01', '2025-08')).toEqual([
      '5050009',
      '5051987',
      '5053598',
      '5055523',
      '5058411',
      '5061258',
      '5060842',
      '5062553',
    ])
    const beside = windows?.beside.flat().map(({ kb }) => kb.id)
    for (const hotpatch of ['5052105', '5053636', '5058497', '5060841', '5084597']) expect(beside).toContain(hotpatch)
  })

  test('are in the order of release, and Defender knows each release 4 to 48 hours after it is out', () => {
    const all = [...lines.windows.values()].flatMap(({ cumulative, beside }) => [cumulative, ...beside])
    for (const line of [...all, ...Object.values(lines.products).flat()]) {
      for (const [index, { availableAt, visibleAt }] of line.entries()) {
        expect(availableAt).toBeGreaterThanOrEqual(line[index - 1]?.availableAt ?? 0)
        expect(visibleAt - availableAt).toBeGreaterThanOrEqual(4 * 3_600_000)
        expect(visibleAt - availableAt).toBeLessThanOrEqual(48 * 3_600_000)
      }
    }
  })

  test('of Office follow the links of the update guide, and lose no update', () => {
    const office = readCatalog().filter(({ products, platforms }) => products.includes('office') && platforms.length === 0)
    expect(
      lines.products.office
        .flat()
        .map(({ kb }) => kb.id)
        .sort(),
    ).toEqual(office.map(({ id }) => id).sort())
    const line = lines.products.office.find((releases) => releases.some(({ kb }) => kb.id === '5002878'))
    expect(line?.map(({ kb }) => kb.id).slice(-2)).toEqual(['5002866', '5002878'])
  })
})
