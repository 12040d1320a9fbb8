import { z } from 'zod'

/** A column of a list as a table: `machines.listed` is a value within a value. */
export interface Column {
  name: string
  path: readonly string[]
  isInstant: boolean
}

/** What JSON Schema says of a value, as far as columns depend on it. */
interface ValueSchema {
  properties?: Record<string, ValueSchema>
  additionalProperties?: unknown
  format?: string
  anyOf?: ValueSchema[]
}

/** The columns of rows of a shape, in its order: a field that is added to it is a column as well. */
export function columnsOf(row: z.ZodObject): Column[] {
  return columnsWithin(z.toJSONSchema(row) as ValueSchema, [])
}

function columnsWithin({ properties = {} }: ValueSchema, path: readonly string[]): Column[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const own = [...path, name]
    const inner = [value, ...(value.anyOf ?? [])].find((one) => one.properties)
    return inner ? columnsWithin(inner, own) : [{ name: own.join('.'), path: own, isInstant: isInstant(value) }]
  })
}

/** An instant or a day, or one that may be null. */
const isInstant = ({ format, anyOf = [] }: ValueSchema): boolean => format === 'date-time' || format === 'date' || anyOf.some(isInstant)

/** What a row has in a column. */
export function valueIn(row: object, { path }: Column): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), row)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
