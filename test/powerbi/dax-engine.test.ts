import { describe, expect, it } from 'vitest'
import { DaxEngine, type Filter, type Question, type Row, type Scalar, serialOf } from '../support/powerbi/dax/index.ts'
import type { Column, Relationship, SemanticModel, Table } from '../support/powerbi/semantic-model.ts'

const column = (name: string): Column => ({
  name, dataType: 'string', sourceColumn: `[${name}]`, dax: '', formatString: '', sortByColumn: undefined, isKey: false, isHidden: false, description: '',
})
const tableOf = (name: string, columns: string[], more: Partial<Table> = {}): Table => ({
  name, kind: 'm', source: '', columns: columns.map(column), measures: [], refreshPolicy: undefined, isDateTable: false, isHidden: false, description: '', ...more,
})
const rowsOf = (table: string, names: string[], values: Scalar[][]): [string, Row[]] => [
  table, values.map((row) => Object.fromEntries(names.map((name, index) => [`${table}[${name}]`, row[index] ?? null]))),
]

/** Sales of three goods, of which one is of no kind that is known; each was ordered on a day and paid on a day. */
const SALES = rowsOf('Sales', ['Good', 'Ordered', 'Paid', 'Amount'], [['x', 1, 2, 10], ['x', 2, 3, 20], ['y', 2, 2, 30], ['z', 3, 3, null], ['lost', 3, 3, 100]])
const GOODS = rowsOf('Goods', ['Good', 'Kind', 'Price'], [['x', 'a', 1], ['y', 'b', 2], ['z', 'b', 4]])
const DAYS = rowsOf('Days', ['Day'], [[1], [2], [3]])
const RELATIONSHIPS: Relationship[] = [
  { name: 'goods', from: 'Sales.Good', to: 'Goods.Good', isActive: true },
  { name: 'ordered', from: 'Sales.Ordered', to: 'Days.Day', isActive: true },
  { name: 'paid', from: 'Sales.Paid', to: 'Days.Day', isActive: false },
]

/** The value of a measure in a model of three tables. */
function evaluate(dax: string, question: Question = {}, source = ''): Scalar {
  const measures = [['Asked', dax], ['Amount', 'SUM(Sales[Amount])']].map(([name = '', text = '']) => ({ name, dax: text, formatString: '', description: '' }))
  const tables = [
    tableOf('Sales', ['Good', 'Ordered', 'Paid', 'Amount'], { measures }), tableOf('Goods', ['Good', 'Kind', 'Price']), tableOf('Days', ['Day']),
    ...(source === '' ? [] : [tableOf('Made', ['Name', 'Number'], { kind: 'calculated', source })]),
  ]
  const model: SemanticModel = { tables, relationships: RELATIONSHIPS, expressions: new Map(), order: [], annotations: new Map() }
  return new DaxEngine(model, new Map([SALES, GOODS, DAYS]), serialOf(Date.UTC(2026, 0, 2))).measure('Asked', question)
}

const only = (table: string, name: string, wanted: Scalar): Filter => {
  const key = `${table}[${name}]`
  return { table, columns: new Set([key]), test: (row) => row[key] === wanted }
}
const kind = (wanted: Scalar): Question => ({ filters: [only('Goods', 'Kind', wanted)] })

describe('the evaluation of DAX', () => {
  it.each<[string, Question, Scalar]>([
    ['[Amount]', {}, 160],
    ['[Amount]', kind('a'), 30],
    ['CALCULATE([Amount], Goods[Kind] = "b")', kind('a'), 30],
    ['CALCULATE([Amount], KEEPFILTERS(Goods[Kind] = "b"))', kind('a'), null],
    ['CALCULATE([Amount], REMOVEFILTERS(Goods))', kind('a'), 160],
    // The filters of a fact's dimensions go with it.
    ['CALCULATE([Amount], REMOVEFILTERS(Sales))', kind('a'), 160],
    ['CALCULATE([Amount], REMOVEFILTERS(Sales[Good]))', kind('a'), 30],
    ['[Amount]', { filters: [only('Days', 'Day', 2)] }, 50],
    ['CALCULATE([Amount], Goods[Price] >= 2 && Goods[Kind] = "b")', {}, 30],
    ['COUNTROWS(Sales)', kind('b'), 2],
    ['COUNTROWS(Sales)', kind('none'), null],
    ['ISCROSSFILTERED(Sales)', kind('b'), true],
    ['ISCROSSFILTERED(Goods)', { filters: [only('Days', 'Day', 2)] }, false],
    ['ISINSCOPE(Goods[Kind])', { groupedBy: ['Goods[Kind]'] }, true],
    ['SELECTEDVALUE(Goods[Kind], "many")', {}, 'many'],
    ['SELECTEDVALUE(Goods[Kind], "many")', kind('b'), 'b'],
    // What an iterator is at filters a measure.
    ['SUMX(Goods, [Amount])', {}, 60],
    ['MAXX(Goods, COUNTROWS(Sales))', {}, 5],
    ['SUMX(Sales, RELATED(Goods[Price]))', {}, 8],
  ])('filters as it should: %s', (dax, question, wanted) => expect(evaluate(dax, question)).toBe(wanted))

  it('activates a relationship', () => {
    const question = { filters: [only('Sales', 'Good', 'x')] }
    expect(evaluate('CALCULATE([Amount], USERELATIONSHIP(Sales[Paid], Days[Day]))', question)).toBe(30)
  })

  it.each<[string, Scalar]>([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['-2 + 3', 1],
    ['TRUE() || FALSE() && FALSE()', true],
    ['NOT FALSE() && FALSE()', false],
    ['NOT 1 = 2', true],
    ['"KB" = "kb"', true],
    ['CALCULATE(SUM(Sales[Amount]), Sales[Amount] <= 0)', null],
    ['CALCULATE(COUNTROWS(Sales), Sales[Amount] <= 0)', 1],
    ['CALCULATE(COUNTROWS(Sales), Sales[Amount] = 0)', 1],
    ['CALCULATE(COUNTROWS(Sales), Sales[Amount] > 1000) + 0', 0],
    ['DIVIDE(1, 0)', null],
    ['QUOTIENT(-7, 2)', -3],
    ['COALESCE(DIVIDE(1, 0), 4)', 4],
    ['VAR a = 2 VAR b = a * 3 RETURN b + a', 8],
    ['VAR none = DIVIDE(1, 0) RETURN ISBLANK(none)', true],
    ['SWITCH(TRUE(), 1 > 2, "no", 2 > 1, "yes", "else")', 'yes'],
    ['SWITCH(3, 1, "one", 2, "two")', null],
    ['2 IN {1, 2}', true],
    ['COUNTROWS(FILTER(Sales, (Sales[Good], Sales[Paid]) IN SELECTCOLUMNS(Sales, "g", Sales[Good], "o", Sales[Ordered])))', 4],
    ['MEDIANX(Sales, Sales[Amount])', 25],
    ['PERCENTILEX.INC(Sales, Sales[Amount], 0.25)', 17.5],
    ['DISTINCTCOUNT(Sales[Good])', 4],
    ['DATEDIFF(1.9999, 2.0001, MINUTE)', 1],
    ['DATEDIFF(1.999, 2.001, MINUTE)', 3],
    ['DATEDIFF(DATE(2026, 1, 1), UTCNOW(), SECOND)', 86_400],
    ['WEEKDAY(DATE(2026, 3, 2), 3)', 0],
    ['FORMAT(DATE(2026, 3, 2), "mmm yyyy", "en-US")', 'Mar 2026'],
    ['PATHITEM("a|b", 2)', 'b'],
    ['PATHCONTAINS("ab|c", "a")', false],
    ['COUNTROWS(GENERATESERIES(1, PATHLENGTH("") + 0))', null],
    ['INT(-1.5)', -2],
    ['NOT ((1, 2) IN SELECTCOLUMNS(Sales, "o", Sales[Ordered], "p", Sales[Paid]))', false],
  ])('computes %s', (dax, wanted) => expect(evaluate(dax)).toBe(wanted))

  it('makes tables', () => {
    const source = 'UNION(SELECTCOLUMNS(Goods, "Name", Goods[Good], "Number", Goods[Price]), DATATABLE("N", STRING, "P", INTEGER, {{"w", 8}}))'
    expect(evaluate('SUM(Made[Number])', {}, source)).toBe(15)
    expect(() => evaluate('1', {}, 'SELECTCOLUMNS(Goods, "Name", Goods[Good])')).toThrow('has no [Number]')
    expect(() => evaluate('1', {}, 'SELECTCOLUMNS(Goods, "Name", Goods[Good], "Number", 1, "More", 2)')).toThrow('no column for [More]')
  })

  it.each([
    ['a function that it does not know', 'SUMMARIZE(Sales, Sales[Good])', {}],
    ['a column without a row', 'Sales[Amount] + 1', {}],
    ['what is no DAX', 'SUM(Sales[Amount]) ; 1', {}],
    ['what is left over', 'SUM(Sales[Amount]) 1', {}],
    ['a comparison of two types', '"1" = 1', {}],
    ['a series to nowhere', 'COUNTROWS(GENERATESERIES(1, PATHLENGTH("")))', {}],
    ['NOT before a bare row', 'NOT (1, 2) IN SELECTCOLUMNS(Sales, "o", Sales[Ordered], "p", Sales[Paid])', {}],
    ['a filter on two tables', 'CALCULATE([Amount], Goods[Kind] = "a" || Sales[Amount] = 1)', {}],
    ['the removal of half a filter', 'CALCULATE(CALCULATE([Amount], REMOVEFILTERS(Goods[Kind])), Goods[Kind] = "a" && Goods[Price] = 1)', {}],
  ])('refuses %s', (_what, dax, question) => expect(() => evaluate(dax, question)).toThrow())
})
