import { oddText, oddValue } from './hostile-values.ts'
import type { Random } from './random.ts'
import { sameName } from './raw-json.ts'

type Container = Record<string, unknown> | unknown[]

/** A place in a tree. */
interface Place {
  parent: Container
  name: string
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

function placesIn(parent: Container, depth: number): Place[] {
  return Object.keys(parent).flatMap((name) => {
    const value = valueAt({ parent, name })
    return [{ parent, name }, ...(isContainer(value) && depth > 1 ? placesIn(value, depth - 1) : [])]
  })
}

const valueAt = ({ parent, name }: Place): unknown => (parent as Record<string, unknown>)[name]

function put({ parent, name }: Place, value: unknown): void {
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true })
}

/** Names that mean something to a parser, to JavaScript or to OData. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'value', 'Value', 'error', 'id', 'ID', 'kbId']
const ODATA_NAMES = ['@odata.nextLink', '@odata.count', '@odata.nextlink', '@odata.type', 'odata.error', 'odata.nextLink']

/** Changes one thing somewhere within a tree, no more than so many levels down, and says what. */
export function mutate({ tree, depth }: { tree: Container; depth: number }, random: Random): string {
  const places = placesIn(tree, depth)
  if (places.length === 0) return addName(tree, random)
  const place = random.pick(places)
  return random.oneOf([
    () => replace(place, random),
    () => replace(place, random),
    () => (typeof valueAt(place) === 'string' ? changeText(place, random) : replace(place, random)),
    () => drop(place),
    () => wrap(place, random),
    () => repeat(place, random),
    () => addName(place.parent, random),
    () => twice(place, random),
  ])
}

function replace(place: Place, random: Random): string {
  put(place, oddValue(random))
  return `${place.name} replaced`
}

function changeText(place: Place, random: Random): string {
  put(place, oddText(random, String(valueAt(place))))
  return `${place.name} with odd characters`
}

function drop({ parent, name }: Place): string {
  if (Array.isArray(parent)) parent.splice(Number(name), 1)
  else Reflect.deleteProperty(parent, name)
  return `${name} dropped`
}

function wrap(place: Place, random: Random): string {
  const value = valueAt(place)
  put(place, random.pick<unknown>([[value], { value }, { [place.name]: value }, JSON.stringify(value)]))
  return `${place.name} wrapped`
}

function repeat({ parent, name }: Place, random: Random): string {
  const times = random.pick([1, 2, 99, 100, 2_000])
  if (!Array.isArray(parent)) return addName(parent, random)
  const item = parent[Number(name)]
  const items = Array.from({ length: times }, () => item)
  parent.splice(Number(name), 0, ...items)
  return `${name} repeated ${times} times`
}

function addName(parent: Container, random: Random): string {
  const name = random.pick([...NAMES, ...ODATA_NAMES, 'x'.repeat(300)])
  if (Array.isArray(parent)) parent.push(oddValue(random))
  else put({ parent, name }, oddValue(random))
  return `${name.slice(0, 40)} added`
}

function twice({ parent, name }: Place, random: Random): string {
  if (Array.isArray(parent)) return drop({ parent, name })
  put({ parent, name: sameName(name) }, random.isIn(0.3) ? valueAt({ parent, name }) : oddValue(random))
  return `${name} twice`
}
