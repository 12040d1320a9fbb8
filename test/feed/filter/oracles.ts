import { defaultParser } from '@odata/parser'
import { parseFilter as parseByAst } from 'odata-filter-to-ast'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { PROBE_SET } from './filters.ts'

type Value = string | number | boolean | null

/** What is looked at of @odata/parser's tree. */
interface Node {
  type: string
  raw: string
  value: unknown
}

const COMPARE: Record<string, (order: number) => boolean> = {
  Equals: (order) => order === 0,
  NotEquals: (order) => order !== 0,
  GreaterThan: (order) => order > 0,
  GreaterOrEquals: (order) => order >= 0,
  LesserThan: (order) => order < 0,
  LesserOrEquals: (order) => order <= 0,
}

const FUNCTIONS: Record<string, (text: string, part: string) => boolean> = {
  contains: (text, part) => text.indexOf(part) >= 0,
  startswith: (text, part) => text.slice(0, part.length) === part,
  endswith: (text, part) => text.slice(text.length - part.length) === part && part.length <= text.length,
}

/** Whether @odata/parser's reading of a filter takes a row. Instants are compared as numbers, unknown is undefined. */
export function takenByOdataParser(filter: string, row: FeedRow): boolean {
  return valueOf(defaultParser.filter(filter), row) === true
}

function valueOf(node: Node, row: FeedRow): Value | undefined {
  const parts = node.value as { left: Node; right: Node; method: string; parameters: Node[] }
  const operator = /^(\w+)Expression$/.exec(node.type)?.[1] ?? node.type
  if (operator in COMPARE) return compare(operator, valueOf(parts.left, row), valueOf(parts.right, row))
  switch (operator) {
    case 'And':
    case 'Or': {
      const [left, right] = [valueOf(parts.left, row), valueOf(parts.right, row)]
      if (operator === 'And') return left === false || right === false ? false : left === true && right === true ? true : undefined
      return left === true || right === true ? true : left === false && right === false ? false : undefined
    }
    case 'Not': {
      const value = valueOf(node.value as Node, row)
      return typeof value === 'boolean' ? !value : undefined
    }
    case 'MethodCall': {
      const [text, part] = parts.parameters.map((parameter) => valueOf(parameter, row))
      return typeof text === 'string' && typeof part === 'string' ? FUNCTIONS[parts.method]?.(text, part) : undefined
    }
    case 'Literal':
      return literal(node.raw)
    case 'FirstMember':
    case 'Member':
      return cell(node.raw, row)
    default:
      return valueOf(node.value as Node, row)
  }
}

/** The one rule for nulls: they equal each other, and are not in order with anything. */
function compare(operator: string, left: Value | undefined, right: Value | undefined): boolean {
  const [a, b] = [left ?? null, right ?? null]
  if (a === null || b === null) return operator === 'NotEquals' ? a !== b : a === b && operator.endsWith('quals')
  return COMPARE[operator]?.(a === b ? 0 : a < b ? -1 : 1) ?? false
}

function cell(name: string, row: FeedRow): Value {
  const type = PROBE_SET.properties.find((property) => property.name === name)?.type
  const value = row[name] ?? null
  return type === 'Edm.DateTimeOffset' && value !== null ? Date.parse(String(value)) : value
}

function literal(raw: string): Value {
  if (raw.startsWith("'")) return raw.slice(1, -1).split("''").join("'")
  if (raw === 'null') return null
  if (raw === 'true' || raw === 'false') return raw === 'true'
  return /T/.test(raw) ? Date.parse(raw) : Number(raw)
}

interface ListNode {
  type: string
  left: ListNode
  right: ListNode
  value: Value | ListNode[]
}

const OF_LISTS: Record<string, string> = {
  EqExpr: 'Equals',
  NeExpr: 'NotEquals',
  GtExpr: 'GreaterThan',
  GeExpr: 'GreaterOrEquals',
  LtExpr: 'LesserThan',
  LeExpr: 'LesserOrEquals',
}

/** Whether odata-filter-to-ast's reading of a filter without `not`, null and instants takes a row. */
export function takenByFilterToAst(filter: string, row: FeedRow): boolean {
  const evaluate = (node: ListNode): Value => {
    switch (node.type) {
      case 'AndExpr':
        return Boolean(evaluate(node.left)) && Boolean(evaluate(node.right))
      case 'OrExpr':
        return Boolean(evaluate(node.left)) || Boolean(evaluate(node.right))
      case 'InExpr':
        return (node.right.value as ListNode[]).some(({ value }) => value === evaluate(node.left))
      case 'MemberExpr':
        return cell(node.value as string, row)
      case 'Primitive':
        return node.value as Value
      default:
        return compare(OF_LISTS[node.type] ?? '', evaluate(node.left), evaluate(node.right))
    }
  }
  return evaluate(parseByAst(filter) as unknown as ListNode) === true
}
