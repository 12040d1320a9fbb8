import { type ObjectShape, type PropertyShape, ROOT_KINDS, SHAPES } from './tmdl-shape.ts'

export interface TmdlObject {
  readonly kind: string
  readonly name: string
  readonly description: string
  /** What follows `=`: DAX, M, or a partition's type. */
  value: string
  readonly properties: Map<string, string>
  readonly children: TmdlObject[]
}

export class TmdlError extends Error {
  override name = 'TmdlError'
}

/**
 * Reads one TMDL file. Strict on purpose, since Desktop is: indentation by tabs and one level at a time, only known kinds and properties,
 * names quoted where they must be, required properties there and none twice.
 */
export function readTmdl(text: string, file = 'text'): TmdlObject[] {
  if (!text.endsWith('\n') || text.includes('\r')) throw new TmdlError(`${file}: lines end with \\n, the last one too`)
  return new Reader(text.slice(0, -1).split('\n'), file).objects('', 0, ROOT_KINDS)
}

const NAME = String.raw`('(?:[^']|'')+'|[^\s.=:']+)`
const DECLARATION = new RegExp(`^(ref table|[a-zA-Z]+)(?: ${NAME})?(?: =(?: (.+))?)?$`)

class Reader {
  readonly #lines: readonly string[]
  readonly #file: string
  #next = 0

  constructor(lines: readonly string[], file: string) {
    this.#lines = lines
    this.#file = file
  }

  objects(parentKind: string, depth: number, kinds: readonly string[], parent?: TmdlObject): TmdlObject[] {
    const found: TmdlObject[] = []
    let description = ''
    for (let line = this.#peek(); line !== undefined && line.depth >= depth; line = this.#peek()) {
      if (line.depth > depth) this.#fail('is indented too deep')
      this.#next++
      if (line.text.startsWith('///')) {
        description = `${description} ${line.text.slice(3).trim()}`.trim()
        continue
      }
      const object = this.#object(line.text, depth, kinds, description)
      if (object) found.push(object)
      else if (parent && description === '') this.#property(parent, line.text, depth)
      else this.#fail(description === '' ? `is no object that ${parentKind || 'a file'} may hold` : 'stands between a description and its object')
      description = ''
    }
    if (description !== '') this.#fail('is a description of nothing')
    return found
  }

  #object(text: string, depth: number, kinds: readonly string[], description: string): TmdlObject | undefined {
    const [, kind = '', quoted, value] = DECLARATION.exec(text) ?? []
    const shape = kinds.includes(kind) ? SHAPES[kind] : undefined
    if (!shape) return undefined
    if (shape.named !== (quoted !== undefined)) this.#fail(shape.named ? 'has no name' : 'has a name')
    if (description !== '' && !shape.described) this.#fail('cannot have a description')
    const hasValue = / =( |$)/.test(text)
    if (shape.value !== 'maybe' && hasValue !== (shape.value !== 'none')) this.#fail(hasValue ? 'has a value' : 'has no value')
    const object: TmdlObject = { kind, name: unquote(quoted ?? ''), description, value: value ?? '', properties: new Map(), children: [] }
    // Properties stand one level below the object, its expression one below them.
    if (hasValue && value === undefined) object.value = this.#block(depth + 2)
    if (Array.isArray(shape.value) && !shape.value.includes(object.value)) this.#fail(`is none of ${shape.value.join(', ')}`)
    object.children.push(...this.objects(kind, depth + 1, shape.children, object))
    this.#requireProperties(object, shape)
    // A column comes from its table's source, or from an expression of its own.
    if (kind === 'column' && hasValue === object.properties.has('sourceColumn')) this.#fail('has both an expression and a source, or neither')
    return object
  }

  #property(object: TmdlObject, text: string, depth: number): void {
    const [, name = '', separator, rest] = /^([a-zA-Z]+)(?:(:| =)(?: (.+))?)?$/.exec(text) ?? []
    const shape = SHAPES[object.kind]?.properties[name]
    if (shape === undefined) this.#fail(`is no property of a ${object.kind}`)
    if (object.properties.has(name)) this.#fail('is there twice')
    if ((separator === ' =') !== (shape === 'expression')) this.#fail('has the wrong separator')
    const value = shape === 'expression' ? (rest ?? this.#block(depth + 1)) : separator === undefined ? 'true' : (rest ?? '')
    if (!fits(shape, value, separator !== undefined)) this.#fail(`cannot be ${value}`)
    object.properties.set(name, value)
  }

  #requireProperties(object: TmdlObject, shape: ObjectShape): void {
    for (const name of shape.required ?? []) {
      if (!object.properties.has(name)) throw new TmdlError(`${this.#file}: ${object.kind} ${object.name} has no ${name}`)
    }
  }

  /** The lines that are indented by `depth` tabs or more, without the indentation they share. */
  #block(depth: number): string {
    const block: string[] = []
    for (; this.#next < this.#lines.length; this.#next++) {
      const line = this.#lines[this.#next] ?? ''
      if (line !== '' && !line.startsWith('\t'.repeat(depth))) break
      block.push(line)
    }
    const text = block.join('\n').trimEnd()
    if (text === '') this.#fail('has an expression that is empty or not indented deep enough')
    const shared = Math.min(...text.split('\n').filter((line) => line !== '').map((line) => /^\t*/.exec(line)?.[0].length ?? 0))
    return text.split('\n').map((line) => line.slice(shared)).join('\n')
  }

  #peek(): { depth: number; text: string } | undefined {
    while (this.#lines[this.#next] === '') this.#next++
    const line = this.#lines[this.#next]
    if (line === undefined) return undefined
    const text = line.replace(/^\t+/, '')
    if (text !== text.trim()) {
      this.#next++
      this.#fail('has spaces at an end')
    }
    return { depth: line.length - text.length, text }
  }

  #fail(why: string): never {
    throw new TmdlError(`${this.#file}:${this.#next}: "${this.#lines[this.#next - 1]?.trim()}" ${why}`)
  }
}

function fits(shape: PropertyShape | undefined, value: string, isWritten: boolean): boolean {
  if (shape === 'flag') return !isWritten || value === 'true' || value === 'false'
  if (!isWritten) return false
  if (shape === 'number') return /^-?\d+$/.test(value)
  return Array.isArray(shape) ? shape.includes(value) : value !== ''
}

/** `'Missing pairs'` is Missing pairs; quotes inside are doubled. */
export const unquote = (name: string) => (name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name)
