import { describe, expect, it } from 'vitest'
import { acceptsGzip, readMediaRanges } from '../../src/edge/accept.ts'

describe('Accept', () => {
  it('is read with weights, without letter case, quotes and blanks', () => {
    expect(readMediaRanges('Text/CSV; Header="present" ;Q=0.5, */*')).toEqual([
      { type: 'text/csv', parameters: new Map([['header', 'present']]), weight: 0.5 },
      { type: '*/*', parameters: new Map(), weight: 1 },
    ])
  })

  it('takes nothing that has no readable weight, and no comma within quotes for the end of a range', () => {
    expect(readMediaRanges('a/b;q=x').map(({ weight }) => weight)).toEqual([0])
    expect(readMediaRanges('a/b;c="d,e", f/g').map(({ type }) => type)).toEqual(['a/b', 'f/g'])
    expect(readMediaRanges('')).toEqual([])
  })
})

describe('Accept-Encoding', () => {
  it.each(['gzip', 'GZIP', 'br, gzip;q=0.8', '*', 'identity;q=0.5, *;q=0.1', 'gzip, *;q=0'])('%s takes gzip', (header) => {
    expect(acceptsGzip(header)).toBe(true)
  })
  it.each([null, '', 'identity', 'br', 'gzip;q=0', 'gzip;q=0, *', '*;q=0', 'gzip;q=x', 'x-gzip'])('%s does not', (header) => {
    expect(acceptsGzip(header)).toBe(false)
  })
})
