import { holds, isOperator, OPERATORS, readCondition } from '../odata/condition.ts'
import { type Dialect, Lexer, type Token } from '../odata/lexer.ts'

/** A `$filter` that Defender would refuse with 400 `ODataError`. */
export class FilterError extends Error {
  override name = 'FilterError'
}

type Value = string | number | boolean | null
type Predicate = (row: object) => boolean
/** By name the properties that may be filtered by. */
export type Filterable = Readonly<Record<string, 'text' | 'instant' | 'number'>>

/** Documented as filterable: https://learn.microsoft.com/defender-endpoint/api/get-machines. Left out: machineTags, which needs lambdas. */
export const MACHINES: Filterable = {
  computerDnsName: 'text',
  id: 'text',
  version: 'text',
  deviceValue: 'text',
  aadDeviceId: 'text',
  lastSeen: 'instant',
  exposureLevel: 'text',
  onboardingStatus: 'text',
  lastIpAddress: 'text',
  healthStatus: 'text',
  osPlatform: 'text',
  riskScore: 'text',
  rbacGroupId: 'number',
}

/** https://learn.microsoft.com/defender-endpoint/api/get-software */
export const SOFTWARE: Filterable = { id: 'text', name: 'text', vendor: 'text' }

const DIALECT: Dialect = { ignoresCase: true, refusal: (detail) => new FilterError(detail) }

/**
 * The subset of OData that is documented, or used by others: comparisons, and/or/not, parentheses, startswith.
 * The case of properties and of text does not matter, as reported of the real API. Throws FilterError.
 *
 * `startswith(computerDnsName,'ws-') and not (riskScore eq 'None' or lastSeen lt 2026-03-01T00:00:00Z)`
 */
export function parseFilter(text: string, filterable = MACHINES): Predicate {
  const condition = readCondition(new Lexer(text, DIALECT), (lexer) => ({
    kind: 'comparison' as const,
    matches: lexer.takeWord('startswith') ? startsWith(lexer, filterable) : comparison(lexer, filterable),
  }))
  return (row) => holds(condition, ({ matches }) => matches(row))
}

function startsWith(lexer: Lexer, filterable: Filterable): Predicate {
  lexer.expectMark('(')
  const { name, type } = property(lexer.next(), filterable)
  lexer.expectMark(',')
  const prefix = literal(lexer.next())
  lexer.expectMark(')')
  if (type !== 'text' || typeof prefix !== 'string') throw new FilterError('startswith needs a text property and a text')
  return (row) => {
    const value = valueOf(row, name)
    return typeof value === 'string' && value.toLowerCase().startsWith(prefix.toLowerCase())
  }
}

function comparison(lexer: Lexer, filterable: Filterable): Predicate {
  const { name, type } = property(lexer.next(), filterable)
  const { kind, text } = lexer.next()
  const operator = text.toLowerCase()
  if (kind !== 'word' || !isOperator(operator)) throw new FilterError(`'${text}' is not a comparison`)
  const wanted = comparable(type, literal(lexer.next()))
  return (row) => {
    const found = comparable(type, scalarOf(valueOf(row, name)))
    // Null is equal to null, different from all else, and neither less nor greater.
    if (found === null || wanted === null) return found === wanted ? OPERATORS[operator](0) : operator === 'ne'
    return OPERATORS[operator](found < wanted ? -1 : found > wanted ? 1 : 0)
  }
}

function property({ kind, text }: Token, filterable: Filterable): { name: string; type: 'text' | 'instant' | 'number' } {
  const found = Object.entries(filterable).find(([name]) => name.toLowerCase() === text.toLowerCase())
  if (kind !== 'word' || !found) throw new FilterError(`Could not find a property named '${text}'`)
  return { name: found[0], type: found[1] }
}

function literal({ kind, text, prefix }: Token): Value {
  if (kind === 'quoted' && prefix === '') return text
  if (kind === 'word') {
    if (text === 'null') return null
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
    // `2018-08-01Z` is in Microsoft's examples, though no JavaScript engine need understand it.
    const instant = Date.parse(text.replace(/^(\d{4}-\d{2}-\d{2})Z$/, '$1'))
    if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(instant)) return new Date(instant).toISOString()
  }
  throw new FilterError(`'${text}' is not a value`)
}

function comparable(type: 'text' | 'instant' | 'number', value: Value): string | number | null {
  if (value === null) return null
  if (type === 'text' && typeof value === 'string') return value.toLowerCase()
  const number = type === 'instant' ? Date.parse(String(value)) : Number(value)
  if (type === 'text' || Number.isNaN(number)) throw new FilterError(`A ${type} cannot be compared with '${String(value)}'`)
  return number
}

function valueOf(row: object, name: string): unknown {
  return (row as Record<string, unknown>)[name]
}

function scalarOf(value: unknown): Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
