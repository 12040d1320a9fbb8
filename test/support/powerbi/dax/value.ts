import type { Scalar } from './parse.ts'

/** By column: `T[c]` of a table of the model, `[c]` of one that an expression made. */
export type Row = Readonly<Record<string, Scalar>>

export interface RowTable {
  columns: readonly string[]
  rows: readonly Row[]
  /** The table of the model whose rows these are. */
  of?: string
}

export type Value = Scalar | RowTable

export const isTable = (value: Value): value is RowTable => typeof value === 'object' && value !== null

export function scalar(value: Value): Scalar {
  if (isTable(value)) throw new Error('a table where a scalar is expected')
  return value
}

export function table(value: Value): RowTable {
  if (!isTable(value)) throw new Error(`${value} where a table is expected`)
  return value
}

/** BLANK counts as 0 and as false. */
export function number(value: Value): number {
  const given = scalar(value)
  if (typeof given === 'string') throw new Error(`"${given}" where a number is expected`)
  return Number(given ?? 0)
}

export function truth(value: Value): boolean {
  const given = scalar(value)
  if (typeof given === 'string') throw new Error(`"${given}" where a truth is expected`)
  return Boolean(given)
}

export const text = (value: Value): string => String(scalar(value) ?? '')

/** Below 0, 0 or above 0. BLANK equals 0, "" and FALSE; texts are compared without regard to case. Two types have no order. */
export function compareScalars(left: Scalar, right: Scalar): number {
  if (left === null && right === null) return 0
  const like = left ?? right
  if (typeof like === 'string') {
    const [a, b] = [left ?? '', right ?? '']
    if (typeof a !== 'string' || typeof b !== 'string') throw new Error(`${left} and ${right} are of two types`)
    const [lowA, lowB] = [a.toLowerCase(), b.toLowerCase()]
    return lowA < lowB ? -1 : lowA > lowB ? 1 : 0
  }
  if (typeof left === 'string' || typeof right === 'string' || (left !== null && right !== null && typeof left !== typeof right))
    throw new Error(`${left} and ${right} are of two types`)
  return Number(left ?? 0) - Number(right ?? 0)
}

const DAY_MS = 86_400_000
/** 1970-01-01 as DAX counts days. */
const EPOCH = 25_569

export const serialOf = (instant: string | number): number => (typeof instant === 'number' ? instant : Date.parse(instant)) / DAY_MS + EPOCH

export const dateOf = (serial: number): Date => new Date(Math.round((serial - EPOCH) * DAY_MS))
