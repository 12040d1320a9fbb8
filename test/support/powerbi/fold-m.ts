/** The range that Power BI gives a partition, in milliseconds: from, and up to but without. */
export interface Range {
  start: number
  end: number
}

export interface FoldedQuery {
  /** What the connector asks the feed for: `Changes?$filter=…&$select=…`. */
  path: string
  /** Columns that become date and time in UTC, behind what is folded. */
  inUtc: string[]
  /** Columns that are added behind it. */
  added: string[]
}

const STEP = /^ {4}(\w+) = ([\s\S]*?)(?:,\n(?= {4}\w)|\nin\n)/gm

/**
 * What a query of the model asks the feed for, as the OData connector folds it: `Table.SelectRows` to `$filter`, `Table.SelectColumns` to
 * `$select`. No M engine runs outside of Power BI. So this knows the few steps that the model takes, and refuses a filter or a choice of
 * columns behind a step that the connector does not fold: the rows would be filtered in Power BI, after all of them were read.
 */
export function foldM(m: string, range: Range): FoldedQuery {
  const folded: FoldedQuery = { path: '', inUtc: [], added: [] }
  const options: string[] = []
  let set = ''
  let last = ''
  for (const [, name = '', expression = ''] of m.matchAll(STEP)) {
    const isOf = (call: string) => expression.startsWith(`${call}(${last}, `)
    const isFolding = folded.inUtc.length + folded.added.length === 0
    if (expression.startsWith('OData.Feed(FeedUrl, null, ')) set = ''
    else if (expression.startsWith(`${last}{[Name = "`)) set = /\[Name = "(\w+)", Signature = "table"\]\}\[Data\]$/.exec(expression)?.[1] ?? ''
    else if (isOf('Table.SelectRows') && isFolding) options.push(`$filter=${filterOf(expression, range)}`)
    else if (isOf('Table.SelectColumns') && isFolding) options.push(`$select=${namesIn(expression).join(',')}`)
    else if (isOf('Table.TransformColumns')) folded.inUtc.push(...[...expression.matchAll(/\{"(\w+)", Utc,/g)].map(([, column = '']) => column))
    else if (isOf('Table.AddColumn')) folded.added.push(namesIn(expression)[0] ?? '')
    else throw new Error(`${name} does not fold, or is no step that is known: ${expression}`)
    last = name
  }
  if (set === '' || !m.endsWith(`in\n    ${last}`)) throw new Error('no set, or another step than the last is the result')
  return { ...folded, path: [set, options.join('&')].join('?') }
}

const namesIn = (expression: string) => [...expression.matchAll(/"(\w+)"/g)].map(([, name = '']) => name)

/** `each [a] = true and [b] >= …` */
function filterOf(expression: string, range: Range): string {
  const condition = /^Table\.SelectRows\(\w+, each (.+)\)$/.exec(expression)?.[1] ?? ''
  return condition.split(' and ').map((comparison) => comparisonOf(comparison, range)).join(' and ')
}

const OPERATORS: Readonly<Record<string, string>> = { '=': 'eq', '>=': 'ge', '<': 'lt' }

function comparisonOf(comparison: string, range: Range): string {
  const [, column, operator = '', value = ''] = /^\[(\w+)\] (=|>=|<) (.+)$/.exec(comparison) ?? []
  return `${column} ${OPERATORS[operator]} ${literalOf(value, range)}`
}

function literalOf(value: string, { start, end }: Range): string {
  if (value === 'true' || value === 'false') return value
  const [, text] = /^"([^"]*)"$/.exec(value) ?? []
  if (text !== undefined) return `'${text}'`
  const [, bound] = /^DateTime\.AddZone\((RangeStart|RangeEnd), 0\)$/.exec(value) ?? []
  if (bound === undefined) throw new Error(`${value} is no constant`)
  return new Date(bound === 'RangeStart' ? start : end).toISOString().replace('.000Z', 'Z')
}
