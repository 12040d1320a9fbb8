import type { Attributes } from '../domain/index.ts'

export type EdmType = 'Edm.String' | 'Edm.Int32' | 'Edm.Double' | 'Edm.Boolean' | 'Edm.DateTimeOffset'

export interface Property {
  readonly name: string
  readonly type: EdmType
  readonly nullable: boolean
  readonly description: string
}

export interface EntitySet {
  /** Of the set, as in the URL: `MissingKbs`. */
  readonly name: string
  /** Of its rows' type: `MissingKb`. */
  readonly typeName: string
  readonly description: string
  /** Names of the key properties, in the order in which rows are sorted. */
  readonly key: readonly string[]
  readonly properties: readonly Property[]
}

interface PrimitiveOf {
  'Edm.String': string
  'Edm.Int32': number
  'Edm.Double': number
  'Edm.Boolean': boolean
  /** ISO 8601 in UTC, with at most seven digits of a second. */
  'Edm.DateTimeOffset': string
}

type ValueOf<P extends Property> = PrimitiveOf[P['type']] | (P['nullable'] extends false ? never : null)

/** A row of a set, with exactly its properties. */
export type RowOf<S extends EntitySet> = { -readonly [P in S['properties'][number] as P['name']]: ValueOf<P> }

/** A property that every row has a value of. */
export function property<const N extends string, const T extends EdmType>(name: N, type: T, description: string) {
  return { name, type, nullable: false, description } as const
}

/** A property that may be null. */
export function optional<const N extends string, const T extends EdmType>(name: N, type: T, description: string) {
  return { name, type, nullable: true, description } as const
}

/** `a, b or c` */
export const inWords = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`

export const snapshotId = property('snapshotId', 'Edm.String', 'The snapshot: the UTC start as YYYYMMDDTHHMMSSZ.')
export const kbId = property('kbId', 'Edm.String', "Defender's id of the KB.")
export const machineId = property('machineId', 'Edm.String', "Defender's id of the machine.")

const EDM_OF = { text: 'Edm.String', address: 'Edm.String', count: 'Edm.Int32', textList: 'Edm.String' } as const

type AttributeProperty<A extends Attributes> = {
  [Name in keyof A & string]: { name: Name; type: (typeof EDM_OF)[A[Name]['kind']]; nullable: true; description: string }
}[keyof A & string]

/** The properties of attributes that stand in the domain; a list is a text. */
export function attributeProperties<A extends Attributes>(attributes: A): readonly AttributeProperty<A>[] {
  const properties = Object.entries(attributes).map(([name, { kind, description }]) => optional(name, EDM_OF[kind], description))
  return properties as unknown as readonly AttributeProperty<A>[]
}
