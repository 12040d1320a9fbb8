import { describe, expect, it } from 'vitest'
import { chooseJson, contentTypeOf, requireVersion4 } from '../../src/feed/media-type.ts'
import { POWER_QUERY_HEADERS } from './feed.ts'

const chosen = (accept: string | null, format?: string) => {
  try {
    const { metadata, ieee754Compatible } = chooseJson(format, accept)
    return `${metadata}${ieee754Compatible ? ' ieee754' : ''}`
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the JSON that is chosen', () => {
  it.each([
    [null, 'minimal'],
    ['', 'NotAcceptable'],
    ['*/*', 'minimal'],
    ['application/*', 'minimal'],
    ['application/json', 'minimal'],
    ['APPLICATION/JSON', 'minimal'],
    ['application/json;odata.metadata=full', 'full'],
    ['application/json; odata.metadata=none', 'none'],
    ['application/json;metadata=none', 'none'],
    ['application/json;odata.metadata="minimal"', 'minimal'],
    ['application/json;odata.metadata=most', 'NotAcceptable'],
    ['application/json;odata.streaming=true;IEEE754Compatible=true', 'minimal ieee754'],
    ['application/json;IEEE754Compatible=false', 'minimal'],
    ['application/json;charset=utf-8', 'minimal'],
    ['application/json;charset=utf-16', 'NotAcceptable'],
    [POWER_QUERY_HEADERS.accept, 'minimal'],
    ['application/atom+xml,application/json;q=0.1', 'minimal'],
    ['application/atom+xml;q=1.0,*/*;q=0.5', 'minimal'],
    ['application/json;odata.metadata=none;q=0.2,application/json;odata.metadata=full;q=0.8', 'full'],
    ['application/json;q=0,*/*;q=0.1', 'NotAcceptable'],
    ['application/json;q=0, */*', 'NotAcceptable'],
    ['*/*, application/*;q=0', 'NotAcceptable'],
    ['*/*;q=0, application/json;q=0.1', 'minimal'],
    ['application/json;odata.metadata=minimal;q=0, application/json, */*', 'NotAcceptable'],
    ['application/json;odata.metadata=full;q=0.2, application/json;q=0.1', 'full'],
    ['application/json;odata.metadata=none;q=0, application/json', 'minimal'],
    ['application/json;q=0.9, application/json;odata.metadata=full;q=0', 'minimal'],
    ['*/*, application/json;odata.metadata=minimal;q=0.1, application/json;odata.metadata=full;q=0.5', 'full'],
    ['application/json;IEEE754Compatible=true;q=0, application/json;q=0.5', 'minimal'],
    ['application/xml, application/json;odata=verbose;q=0, */*;q=0.1', 'minimal'],
    ['application/json;q=0', 'NotAcceptable'],
    ['application/json;q=x', 'NotAcceptable'],
    ['application/atom+xml', 'NotAcceptable'],
    ['application/atomsvc+xml;q=0.8, application/xml;q=0.7', 'NotAcceptable'],
    ['text/html', 'NotAcceptable'],
    ['application/json;odata=minimalmetadata', 'NotAcceptable'],
    ['application/json;odata=verbose;q=1,application/json;q=0.3', 'minimal'],
  ])('for Accept %s is %s', (accept, expected) => {
    expect(chosen(accept)).toBe(expected)
  })

  it.each([
    ['json', 'minimal'],
    ['application/json', 'minimal'],
    ['application/json;odata.metadata=full', 'full'],
    ['atom', 'NotAcceptable'],
    ['xml', 'NotAcceptable'],
    ['csv', 'NotAcceptable'],
  ])('for $format=%s is %s, whatever Accept says', (format, expected) => {
    expect(chosen('application/json;odata.metadata=none', format)).toBe(expected)
  })

  it('is said in full in the content type', () => {
    expect(contentTypeOf({ metadata: 'minimal', ieee754Compatible: false })).toBe(
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    )
  })
})

describe('OData-MaxVersion', () => {
  it.each([null, '4', '4.0', '4.01', '5.0', ' 4.0', '4.0, 4.0', '4.01,4', '4.0;NetFx', '4.0 ; NetFx, 4.0'])('%s is taken', (version) =>
    expect(() => requireVersion4(version)).not.toThrow(),
  )
  it.each([
    '3.0',
    '3.0;NetFx',
    ';NetFx',
    '4.0 NetFx',
    '3',
    '1.0',
    '2.0',
    'x',
    '',
    '4.',
    '4.0,',
    '3.0, 4.0',
    '4.0, 3.0',
    '4.0, x',
    '-4',
    '4e1',
  ])('%s is refused', (version) => expect(() => requireVersion4(version)).toThrow(/OData/))
})
