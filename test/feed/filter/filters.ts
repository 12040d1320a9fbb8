import fc from 'fast-check'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { instantKey } from '../../../src/feed/instant.ts'
import type { EntitySet, Property } from '../../../src/feed/model.ts'

/** A set with a property of every type, with and without null. */
export const PROBE_SET = {
  name: 'Probes',
  typeName: 'Probe',
  description: 'For tests.',
  key: ['id'],
  properties: [
    { name: 'id', type: 'Edm.String', nullable: false, description: '' },
    { name: 'note', type: 'Edm.String', nullable: true, description: '' },
    { name: 'count', type: 'Edm.Int32', nullable: true, description: '' },
    { name: 'share', type: 'Edm.Double', nullable: false, description: '' },
    { name: 'isOpen', type: 'Edm.Boolean', nullable: false, description: '' },
    { name: 'at', type: 'Edm.DateTimeOffset', nullable: false, description: '' },
    { name: 'endedAt', type: 'Edm.DateTimeOffset', nullable: true, description: '' },
  ],
} as const satisfies EntitySet

export const TEXTS = ['', 'a', 'ab', 'abc', 'b', "it's", "''", 'ü', 'A', 'AB', ' a', ') or (', ' eq '] as const
const texts = fc.constantFrom(...TEXTS)
const numbers = fc.constantFrom(-2, -1, 0, 1, 2, 3)
const shares = fc.constantFrom(-1.5, 0, 0.25, 0.5, 1, 2)
const minutes = fc.integer({ min: 0, max: 6 })

/** Instants a second apart, as rows have them. */
const instants = minutes.map((minute) => new Date(Date.UTC(2026, 5, 12, 0, minute)).toISOString().replace('.000Z', 'Z'))

const VALUES: Record<Property['type'], fc.Arbitrary<string | number | boolean>> = {
  'Edm.String': texts,
  'Edm.Int32': numbers,
  'Edm.Double': shares,
  'Edm.Boolean': fc.boolean(),
  'Edm.DateTimeOffset': instants,
}

/** A row of the probe set. Few values, so that comparisons often hold. */
export const probeRow: fc.Arbitrary<FeedRow> = fc.record(
  Object.fromEntries(
    PROBE_SET.properties.map(({ name, type, nullable }) => [name, nullable ? fc.option(VALUES[type], { freq: 3 }) : VALUES[type]]),
  ),
)

/** What a row has for a property that may narrow what is read, as text that sorts. */
export const keyOf = (row: FeedRow, property: 'id' | 'at') =>
  property === 'at' ? (instantKey(String(row['at'])) ?? '') : String(row['id'])

/** Literals of a type, in several spellings. */
function literalOf(type: Property['type']): fc.Arbitrary<string> {
  switch (type) {
    case 'Edm.String':
      return texts.map((text) => `'${text.replaceAll("'", "''")}'`)
    case 'Edm.Int32':
      return numbers.map(String)
    case 'Edm.Double':
      // @odata/parser takes 2.5e-1, and not 5e-1, which the grammar has as well.
      return fc.tuple(shares, fc.boolean()).map(([share, isExponential]) => (isExponential ? share.toExponential(2) : `${share}`))
    case 'Edm.Boolean':
      return fc.boolean().map(String)
    case 'Edm.DateTimeOffset':
      return fc
        .tuple(minutes, fc.constantFrom(0, 1, 5.5, -8), fc.constantFrom('', ':00', ':00.0', ':00.0000000'))
        .map(([minute, hours, end]) => {
          const local = new Date(Date.UTC(2026, 5, 12, 0, minute) + hours * 3_600_000).toISOString().slice(0, 16)
          const offset = `${hours < 0 ? '-' : '+'}${String(Math.floor(Math.abs(hours))).padStart(2, '0')}:${hours % 1 ? '30' : '00'}`
          return `${local}${end}${hours === 0 ? 'Z' : offset}`
        })
  }
}

const property = fc.constantFrom(...PROBE_SET.properties)
const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
const operators = fc.constantFrom(...OPERATORS)

const comparison = fc
  .tuple(property, operators, fc.boolean(), fc.integer({ min: 0, max: 5 }))
  .chain(([{ name, type }, operator, mirrored, dice]) =>
    (dice === 0 ? fc.constant('null') : literalOf(type)).map((literal) =>
      mirrored ? `${literal} ${operator} ${name}` : `${name} ${operator} ${literal}`,
    ),
  )
const call = fc
  .tuple(
    fc.constantFrom('contains', 'startswith', 'endswith'),
    fc.constantFrom('id', 'note'),
    literalOf('Edm.String'),
    fc.constantFrom(',', ', '),
  )
  .map(([name, operand, literal, comma]) => `${name}(${operand}${comma}${literal})`)

/** Lists of literals; for an oracle that knows texts and numbers only, of those. */
export const membership = property
  .filter(({ type }) => type === 'Edm.String' || type === 'Edm.Int32')
  .chain(({ name, type }) =>
    fc.array(literalOf(type), { minLength: 1, maxLength: 4 }).map((literals) => `${name} in (${literals.join(',')})`),
  )

export const anyMembership = property.chain(({ name, type }) =>
  fc.array(literalOf(type), { minLength: 1, maxLength: 4 }).map((literals) => `${name} in (${literals.join(', ')})`),
)

/** Conditions joined by `and` and `or`, parentheses only where `withNot` puts a `not`. */
function filters(leaf: fc.Arbitrary<string>, withNot: boolean): fc.Arbitrary<string> {
  return fc.letrec<{ filter: string; term: string }>((tie) => ({
    filter: fc
      .array(fc.tuple(tie('term'), fc.constantFrom(' and ', ' or ')), { minLength: 1, maxLength: 4 })
      .map((terms) => terms.map(([term, join], index) => (index === terms.length - 1 ? term : term + join)).join('')),
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('filter').map((filter) => `(${filter})`),
      ...(withNot ? [tie('filter').map((filter) => `(not (${filter}))`)] : []),
    ),
  })).filter
}

export const plainFilter = filters(
  fc.oneof({ weight: 3, arbitrary: comparison }, { weight: 1, arbitrary: call }, { weight: 1, arbitrary: fc.constant('isOpen') }),
  true,
)
/** For an oracle that knows neither `not` nor instants nor names alone. */
export const listFilter = filters(
  fc.oneof(
    membership,
    comparison.filter((text) => !/\b(at|endedAt)\b/.test(text) && !/null/.test(text)),
  ),
  false,
)
/** Conditions joined and denied in every way. */
export const joined = (condition: fc.Arbitrary<string>): fc.Arbitrary<string> => filters(condition, true)

/** What functions and arithmetic make of a property, beside a value of the same type. */
const CALCULATED: readonly (readonly [operands: readonly string[], values: readonly string[]])[] = [
  [
    ['tolower(id)', 'toupper(id)', 'trim(id)', "concat(id,'a')", "concat('a',id)", 'substring(id,1)', 'substring(id,0,1)', 'tolower(note)'],
    ["''", "'a'", "'A'", "'ab'", "tolower('AB')", 'id', 'note', 'null'],
  ],
  [
    ['length(id)', "indexof(id,'b')", 'count', '-count', 'count add 1', 'count div 2', 'count mod 0', 'minute(at)'],
    ['0', '1', '-1', 'count'],
  ],
  [
    ['date(at)', 'at', 'date(endedAt)', 'endedAt'],
    ['2026-06-12', 'date(at)', 'at', 'endedAt', 'now()', 'mindatetime()', 'maxdatetime()'],
  ],
  [
    ['time(at)', 'time(endedAt)'],
    ['00:03', 'time(at)', 'time(2026-06-12T00:02:00Z)'],
  ],
]
/** All of them, each on its own. */
export const calculations: readonly string[] = CALCULATED.flatMap(([operands, values]) =>
  operands.flatMap((operand) =>
    values.flatMap((value) => OPERATORS.flatMap((operator) => [`${operand} ${operator} ${value}`, `${value} ${operator} ${operand}`])),
  ),
)
const calculation = fc.constantFrom(...calculations)

/** All that the language has. */
export const anyFilter = joined(fc.oneof(comparison, call, calculation, anyMembership, fc.constantFrom('isOpen', 'true', 'not isOpen')))
