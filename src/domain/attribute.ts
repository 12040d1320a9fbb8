import { textListOf } from './text-list.ts'

/** What an attribute holds: a text or an address or null, a count or null, or a list of texts, empty where nothing is known. */
export type AttributeKind = 'text' | 'address' | 'count' | 'textList'

/** An attribute of something that Defender describes. */
export interface Attribute {
  readonly kind: AttributeKind
  readonly description: string
}

export type Attributes = Readonly<Record<string, Attribute>>

interface ValueOf {
  text: string | null
  address: string | null
  count: number | null
  textList: readonly string[]
}

type AttributeValue = ValueOf[AttributeKind]

/** The values of some attributes, by name. */
export type AttributesOf<A extends Attributes> = { -readonly [Name in keyof A]: ValueOf[A[Name]['kind']] }

/** The attributes among an object's properties, in their own order. */
export function pickAttributes<A extends Attributes>(attributes: A, from: AttributesOf<A>): AttributesOf<A> {
  return eachAttribute(attributes, (name) => from[name])
}

/** What is known after a newer description: what that says, and where it says nothing, what was known. */
export function renewed<A extends Attributes>(attributes: A, known: AttributesOf<A>, newer: AttributesOf<A>): AttributesOf<A> {
  return eachAttribute(attributes, (name) => (isSaid(newer[name]) ? newer[name] : known[name]))
}

/**
 * Descriptions of equal age as one, at a cost that is linear in their size: lists united, sorted and cut where storage has no room, the
 * highest of the counts, of two texts the one that `textOf` picks.
 */
export function united<A extends Attributes>(
  attributes: A,
  descriptions: readonly AttributesOf<A>[],
  textOf: (one: string, other: string) => string,
): AttributesOf<A> {
  return eachAttribute(attributes, (name) =>
    unitedValue(
      descriptions.map((description) => description[name]),
      textOf,
    ),
  )
}

/** Whether two descriptions say the same. */
export function isDescribedAlike<A extends Attributes>(attributes: A, one: AttributesOf<A>, other: AttributesOf<A>): boolean {
  return Object.keys(attributes).every((name) => isSame(one[name] as AttributeValue, other[name] as AttributeValue))
}

function eachAttribute<A extends Attributes>(attributes: A, valueOf: (name: keyof A) => AttributeValue): AttributesOf<A> {
  const values: Record<string, AttributeValue> = {}
  for (const name of Object.keys(attributes)) values[name] = valueOf(name)
  return values as AttributesOf<A>
}

const isSaid = (value: AttributeValue) => value !== null && (typeof value !== 'object' || value.length > 0)

function unitedValue(values: readonly AttributeValue[], textOf: (one: string, other: string) => string): AttributeValue {
  const lists = values.filter((value) => value !== null && typeof value === 'object')
  if (lists.length > 0) return unitedLists(lists)
  return values.reduce((one, other) => {
    if (one === null || other === null) return one ?? other
    return typeof one === 'number' && typeof other === 'number' ? Math.max(one, other) : textOf(String(one), String(other))
  }, null)
}

/** The first list as it is where the others add nothing: then nothing has to be written for them. */
function unitedLists(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = lists
  const all = new Set(first)
  const known = all.size
  for (const list of lists) for (const text of list) all.add(text)
  return all.size === known ? first : textListOf(all)
}

function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return one === other
  return one === other || (one.length === other.length && one.every((item, index) => item === other[index]))
}
