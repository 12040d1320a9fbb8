import { byText } from './by-text.ts'

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

/** Two descriptions of equal age as one: lists united and sorted, the higher of the counts, of two texts the one that `textOf` picks. */
export function united<A extends Attributes>(
  attributes: A,
  one: AttributesOf<A>,
  other: AttributesOf<A>,
  textOf: (one: string, other: string) => string,
): AttributesOf<A> {
  return eachAttribute(attributes, (name) => unitedValue(one[name], other[name], textOf))
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

function unitedValue(one: AttributeValue, other: AttributeValue, textOf: (one: string, other: string) => string): AttributeValue {
  if (one === null || other === null) return one ?? other
  if (typeof one === 'object' && typeof other === 'object') return unitedList(one, other)
  if (typeof one === 'number' && typeof other === 'number') return Math.max(one, other)
  return textOf(String(one), String(other))
}

/** The same list where the other adds nothing: then nothing has to be written for it. */
function unitedList(one: readonly string[], other: readonly string[]): readonly string[] {
  const known = new Set(one)
  return other.every((item) => known.has(item)) ? one : [...new Set([...one, ...other])].sort(byText)
}

function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return one === other
  return one === other || (one.length === other.length && one.every((item, index) => item === other[index]))
}
