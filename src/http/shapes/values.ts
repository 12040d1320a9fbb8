import { z } from 'zod'
import type { Attributes } from '../../domain/index.ts'

/** An instant in UTC, ISO 8601. */
export const instant = z.string().meta({ format: 'date-time' })
export const count = z.int().min(0)
/** 0 to 1. */
export const share = z.number().min(0).max(1)
export const address = z.string().describe('An absolute URL.')
/** What OpenAPI says of a snapshot's id. */
export const SNAPSHOT_ID_FORMAT = { pattern: '^\\d{8}T\\d{6}Z$', examples: ['20260612T020000Z'] }
export const snapshotId = z.string().meta(SNAPSHOT_ID_FORMAT)
export const nextLink = address.optional().describe('The next page; left out on the last one.')
/**
 * Ids in a cursor. They came from rows, so they are what Defender's answers may hold; a cursor that somebody forged must not bring the
 * storage anything else, above all no half of a surrogate pair, which no address can hold.
 */
export const machineIdPosition = z.string().regex(/^[a-z0-9._-]{1,100}$/)
export const kbIdPosition = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u)

const textList: z.ZodType<readonly string[]> = z.array(z.string())

const ATTRIBUTE_SHAPES = {
  text: z.string().nullable(),
  address: z.string().nullable(),
  count: count.nullable(),
  textList,
}

type AttributeShapes<A extends Attributes> = { [Name in keyof A]: (typeof ATTRIBUTE_SHAPES)[A[Name]['kind']] }

/** The shapes of attributes that stand in the domain. */
export function attributeShapes<A extends Attributes>(attributes: A): AttributeShapes<A> {
  const shapes = Object.entries(attributes).map(([name, { kind }]) => [name, ATTRIBUTE_SHAPES[kind]] as const)
  return Object.fromEntries(shapes) as AttributeShapes<A>
}
