import type { AttributeKind, Attributes, AttributesOf } from '../../domain/index.ts'
import { LIST_SEPARATOR } from '../model.ts'

/** A list as one text; null for an empty one. */
export const listText = (items: readonly string[]): string | null => (items.length === 0 ? null : items.join(LIST_SEPARATOR))

/** Attributes as a flat row has them: lists as texts. */
export type FlatAttributes<A extends Attributes> = { [Name in keyof A]: FlatValue[A[Name]['kind']] }

interface FlatValue extends Record<AttributeKind, string | number | null> {
  text: string | null
  address: string | null
  count: number | null
  textList: string | null
}

export function flatAttributes<A extends Attributes>(attributes: A, values: AttributesOf<A>): FlatAttributes<A> {
  const flat: Record<string, unknown> = {}
  for (const name in attributes) {
    const value: unknown = values[name]
    flat[name] = Array.isArray(value) ? listText(value as readonly string[]) : value
  }
  return flat as FlatAttributes<A>
}
