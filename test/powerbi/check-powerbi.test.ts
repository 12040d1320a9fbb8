import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPowerBi } from '../../dev/check-powerbi.ts'

// A published family of schemas in small: one names a part of another by a relative reference.
const HOST = 'https://developer.microsoft.com/json-schemas/'
const PAGE = 'fabric/item/report/definition/page/2.0.0/schema.json'
const PART = 'fabric/item/report/definition/part/1.0.0/schema.json'

describe('the check against published schemas', () => {
  let folder = ''
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), JSON.stringify(content))
  }
  const page = (content: object) => write('project/pages/a/page.json', { $schema: HOST + PAGE, ...content })
  const check = () => checkPowerBi(join(folder, 'project'), join(folder, 'schemas'))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchtrail-powerbi-'))
    const properties = { $schema: { const: HOST + PAGE }, height: { $ref: '../../part/1.0.0/schema.json#/definitions/Pixels' } }
    write(`schemas/${PAGE}`, { $id: HOST + PAGE, type: 'object', properties, required: ['height'], additionalProperties: false })
    write(`schemas/${PART}`, { $id: HOST + PART, definitions: { Pixels: { type: 'number' } } })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('names what it validated, and by which schema', async () => {
    page({ height: 720 })
    expect(await check()).toEqual({ valid: [{ file: 'pages/a/page.json', schema: PAGE }], unchecked: [], faults: [] })
  })

  it.each([
    ['a property that does not exist', { height: 720, heigth: 720 }, /additional properties \(heigth\)/],
    ['a property that is missing', {}, /required property 'height'/],
    ['a wrong value in a part of another schema', { height: '720' }, /\/height must be number/],
    ['a version that is not published', { height: 720, $schema: HOST + PAGE.replace('2.0.0', '9.0.0') }, /no such file/],
    ['the schema of another kind of file', { height: 720, $schema: HOST + PART }, /names the schema/],
    ['a schema from elsewhere', { height: 720, $schema: 'https://example.org/schema.json' }, /names the schema/],
  ])('finds %s', async (_what, content, fault) => {
    page(content)
    const { valid, faults } = await check()
    expect(valid).toEqual([])
    expect(faults.join('\n')).toMatch(fault)
  })

  it('finds a file that no schema is known for, but lets those pass that have none', async () => {
    write('project/extra.json', {})
    write('project/x.pbids', {})
    write('project/Report/StaticResources/theme.json', {})
    const { faults, unchecked } = await check()
    expect(faults).toEqual(['extra.json: is of no kind that a schema is known for'])
    expect(unchecked).toEqual(['Report/StaticResources/theme.json', 'x.pbids'])
  })
})
