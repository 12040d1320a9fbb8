import { describe, expect, it } from 'vitest'
import { readTmdl, TmdlError } from '../support/powerbi/tmdl.ts'

const COLUMN = '\tcolumn a\n\t\tdataType: string\n\t\tsummarizeBy: none\n\t\tsourceColumn: a\n'

describe('the TMDL reader', () => {
  it('reads objects, properties, descriptions and expressions of several lines', () => {
    const [table] = readTmdl(`/// Some rows.\ntable 'It''s'\n\n${COLUMN}\n\tmeasure n =\n\t\t\tVAR x = 1\n\n\t\t\tRETURN\n\t\t\t    x\n\t\tformatString: 0\n\t\tdisplayFolder: A b\n`)
    expect(table).toMatchObject({ kind: 'table', name: "It's", description: 'Some rows.' })
    expect(table?.children[1]).toMatchObject({ kind: 'measure', name: 'n', value: 'VAR x = 1\n\nRETURN\n    x' })
    expect(table?.children[1]?.properties.get('displayFolder')).toBe('A b')
  })

  it.each([
    ['spaces for tabs', 'table t\n    column a\n'],
    ['a level too deep', 'table t\n\t\tcolumn a\n'],
    ['an unknown kind', 'tabel t\n'],
    ['an unknown property', 'table t\n\tisHiden\n'],
    ['a property twice', 'table t\n\tisHidden\n\tisHidden\n'],
    ['a value out of the list', COLUMN.replace('string', 'text').replace(/^/, 'table t\n')],
    ['a missing property', 'table t\n\tcolumn a\n\t\tdataType: string\n\t\tsourceColumn: a\n'],
    ['a name that must be quoted', 'table a b\n'],
    ['a description of nothing', 'table t\n\n/// lost\n'],
    ['a description of a property', 'table t\n\t/// lost\n\tisHidden\n'],
    ['an expression no deeper than properties', 'table t\n\tmeasure m =\n\t\tSUM(x)\n\t\tformatString: 0\n\t\tdisplayFolder: f\n'],
    ['a colon for an equals sign', 'table t\n\tpartition t = m\n\t\tmode: import\n\t\tsource: 1\n'],
    ['a refresh policy with a name', 'table t\n\trefreshPolicy basic\n'],
    ['a carriage return', 'table t\r\n'],
    ['no newline at the end', 'table t'],
  ])('refuses %s', (_what, text) => {
    expect(() => readTmdl(text)).toThrow(TmdlError)
  })
})
