import { LIMITS } from './limits.ts'
import { ServiceError } from './service-error.ts'

/** Properties as they come over the wire: values, and beside some of them `name@odata.type`. */
export type Properties = Readonly<Record<string, unknown>>

const ANNOTATION = '@odata.type'
const NOT_OWN = new Set(['PartitionKey', 'RowKey', 'Timestamp'])
/** C# identifiers, of which ASCII is enough here. */
const PROPERTY_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
/** Half of a pair is no text. What the real service makes of one is not documented: nobody should rely on it. */
const HALF_OF_A_PAIR = /\p{Surrogate}/u
const INT32_MAXIMUM = 2 ** 31 - 1

/** How each type may look, and the bytes it takes. The service writes the type back only where JSON does not tell it. */
const TYPES: Readonly<Record<string, { holds(value: unknown): boolean; bytes(value: unknown): number; annotated: boolean }>> = {
  'Edm.String': { holds: isString, bytes: (value) => String(value).length * 2 + 4, annotated: false },
  'Edm.Boolean': { holds: (value) => typeof value === 'boolean', bytes: () => 1, annotated: false },
  'Edm.Int32': { holds: isInt32, bytes: () => 4, annotated: false },
  'Edm.Double': { holds: (value) => typeof value === 'number' || isString(value), bytes: () => 8, annotated: true },
  'Edm.Int64': { holds: (value) => isString(value) && /^-?\d{1,19}$/.test(value), bytes: () => 8, annotated: true },
  'Edm.DateTime': { holds: (value) => isString(value) && !Number.isNaN(Date.parse(value)), bytes: () => 8, annotated: true },
  'Edm.Guid': {
    holds: (value) => isString(value) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
    bytes: () => 16,
    annotated: true,
  },
  'Edm.Binary': { holds: isString, bytes: (value) => Buffer.byteLength(String(value), 'base64') + 4, annotated: true },
}

/**
 * A row's own properties as they are kept: keys, Timestamp and nulls left out, types only where they are needed.
 * Throws ServiceError where a name, a value, their number or the size of the whole is beyond what the service takes.
 */
export function checkProperties(key: string, properties: Properties): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  let count = 0
  let bytes = 4 + key.length * 2
  for (const name in properties) {
    const value = properties[name]
    if (value === null || NOT_OWN.has(name) || name.includes('@') || name.startsWith('odata.')) continue
    const type = checkedType(name, value, properties[name + ANNOTATION])
    if (type.annotated && typeof value !== 'number') kept[name + ANNOTATION] = properties[name + ANNOTATION]
    kept[name] = value
    count++
    bytes += 8 + name.length * 2 + type.bytes(value)
  }
  if (count > LIMITS.properties) throw new ServiceError('TooManyProperties', `${count}`)
  if (bytes > LIMITS.entityBytes) throw new ServiceError('EntityTooLarge', `${bytes} bytes`)
  return kept
}

function checkedType(name: string, value: unknown, annotation: unknown) {
  if (name.length > LIMITS.propertyNameCharacters) throw new ServiceError('PropertyNameTooLong', name)
  if (!PROPERTY_NAME.test(name)) throw new ServiceError('PropertyNameInvalid', name)
  const type = TYPES[typeof annotation === 'string' ? annotation : plainType(name, value)]
  if (!type?.holds(value)) throw new ServiceError('InvalidInput', `${name} is not an ${String(annotation)}`)
  if (typeof value === 'string' && value.length > LIMITS.stringCharacters && annotation !== 'Edm.Binary')
    throw new ServiceError('PropertyValueTooLarge', name)
  if (annotation === 'Edm.Binary' && Buffer.byteLength(String(value), 'base64') > LIMITS.binaryBytes)
    throw new ServiceError('PropertyValueTooLarge', name)
  return type
}

/** The type of a value that comes without one. An integer beyond 32 bits has to say that it is an Int64 (believed, not documented). */
function plainType(name: string, value: unknown): string {
  if (typeof value === 'string') return 'Edm.String'
  if (typeof value === 'boolean') return 'Edm.Boolean'
  if (typeof value !== 'number') throw new ServiceError('InvalidInput', `${name} is neither text, number nor boolean`)
  if (!Number.isInteger(value)) return 'Edm.Double'
  if (isInt32(value)) return 'Edm.Int32'
  throw new ServiceError('InvalidInput', `${name} does not fit an Int32`)
}

function isString(value: unknown): value is string {
  return typeof value === 'string' && !HALF_OF_A_PAIR.test(value)
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) <= INT32_MAXIMUM
}
