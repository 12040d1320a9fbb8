import { crc32, createDeflateRaw, gunzipSync } from 'node:zlib'
import { once } from 'node:events'
import type { Character } from '../machine-character.ts'
import { dnsNameOf } from '../machine-wire.ts'
import { changeOf, shiftBy } from './checksum.ts'
import { lineOf, type ExportRow } from './row.ts'

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** A block that is not compressed has a byte, its length, and that once more turned round. */
const BLOCK_START = 5
const MOST_IN_BLOCK = 0xffff

/** So many bytes are handed on at a time. */
const HANDED_ON_BYTES = 256 * 1024

/** Bytes that differ between a machine and a copy of it. */
interface Blank {
  bytes: Buffer
  /** Where they are to be filled in. */
  places: readonly number[]
  /** What changing them, everywhere in the text, weighs in the checksum. */
  shift: number
}

/** A gzip member in which the machine is left blank. */
interface Template {
  bytes: Buffer
  checksum: number
  id: Blank
  name: Blank
}

/**
 * Gzip members of machines that are copies of few others (`copiesOf`), far faster than they can be inflated. In a member the first row is
 * there as it is, and all others are compressed with that one as their dictionary: they name the machine by pointing back to it. So what is
 * made for one machine serves for all its copies, with another id and name in the first row, and another checksum.
 */
export class CopiedMembers {
  readonly #rowsOf: (machine: Character) => Iterable<ExportRow>
  readonly #templates = new Map<string, Template | 'no rows'>()

  constructor(rowsOf: (machine: Character) => Iterable<ExportRow>) {
    this.#rowsOf = rowsOf
  }

  /** Undefined for a machine without rows. */
  async of(machine: Character): Promise<Buffer | undefined> {
    const name = dnsNameOf(machine) ?? ''
    // Names of another length make another text.
    const key = `${machine.index} ${name.length}`
    const template = this.#templates.get(key) ?? (await templateOf([...this.#rowsOf(machine)], machine.machineId, name))
    this.#templates.set(key, template)
    return template === 'no rows' ? undefined : memberFor(template, machine.machineId, name)
  }
}

export async function* membersOf(machines: readonly Character[], members: CopiedMembers): AsyncGenerator<Buffer> {
  let ready: Buffer[] = []
  let bytes = 0
  for (const machine of machines) {
    const member = await members.of(machine)
    if (!member) continue
    ready.push(member)
    bytes += member.length
    if (bytes < HANDED_ON_BYTES) continue
    yield Buffer.concat(ready)
    ready = []
    bytes = 0
  }
  yield Buffer.concat(ready)
}

async function templateOf(rows: readonly ExportRow[], machineId: string, name: string): Promise<Template | 'no rows'> {
  const [first = '', ...others] = rows.map((row) => `${lineOf(row)}\n`)
  if (first === '') return 'no rows'
  // All else in the text is ASCII: none of it can be made by pointing back to these bytes, nor any of them but by pointing to itself.
  const blanks = { id: blankFor(machineId, 0x80), name: blankFor(name, 0x80 + machineId.length) }
  const left = (text: string) => leftBlank(leftBlank(Buffer.from(text), machineId, blanks.id), name, blanks.name)
  const plain = left(first)
  const rest = left(others.join(''))
  if (plain.length > MOST_IN_BLOCK) throw new RangeError('the first row does not fit into one block')
  const text = Buffer.concat([plain, rest])
  const block = Buffer.alloc(BLOCK_START)
  block.writeUInt16LE(plain.length, 1)
  block.writeUInt16LE(MOST_IN_BLOCK - plain.length, 3)
  const end = Buffer.alloc(8)
  end.writeUInt32LE(text.length, 4)
  const blankOf = (bytes: Buffer): Blank => ({
    bytes,
    places: placesOf(plain, bytes).map((at) => HEADER.length + BLOCK_START + at),
    shift: placesOf(text, bytes).reduce((sum, at) => sum ^ shiftBy(text.length - at - bytes.length), 0),
  })
  const template = {
    bytes: Buffer.concat([HEADER, block, plain, await deflate(rest, plain), end]),
    checksum: crc32(text),
    id: blankOf(blanks.id),
    name: blankOf(blanks.name),
  }
  if (gunzipSync(memberFor(template, machineId, name)).toString() !== first + others.join(''))
    throw new Error(`the rows of machine ${machineId} cannot be copied`)
  return template
}

/** Bytes in the place of that text, no two of them alike. */
function blankFor(text: string, firstByte: number): Buffer {
  return Buffer.from(Array.from(text, (_, index) => firstByte + index))
}

function leftBlank(bytes: Buffer, text: string, blank: Buffer): Buffer {
  for (const at of placesOf(bytes, Buffer.from(text))) blank.copy(bytes, at)
  return bytes
}

/**
 * At level 4 the compressor remembers every place, as it does not below, and takes what it finds there, where from 5 on it would rather
 * spell out a byte for the sake of a longer find after it. https://github.com/madler/zlib/blob/v1.3.1/deflate.c (configuration_table)
 */
async function deflate(bytes: Buffer, dictionary: Buffer): Promise<Buffer> {
  const deflating = createDeflateRaw({ level: 4, dictionary })
  const chunks: Buffer[] = []
  deflating.on('data', (chunk: Buffer) => chunks.push(chunk))
  deflating.end(bytes)
  await once(deflating, 'end')
  return Buffer.concat(chunks)
}

function placesOf(bytes: Buffer, found: Buffer): number[] {
  const places: number[] = []
  if (found.length === 0) return places
  for (let at = bytes.indexOf(found); at >= 0; at = bytes.indexOf(found, at + found.length)) places.push(at)
  return places
}

function memberFor({ bytes, checksum, id, name }: Template, machineId: string, machineName: string): Buffer {
  const member = Buffer.from(bytes)
  for (const at of id.places) member.write(machineId, at)
  for (const at of name.places) member.write(machineName, at)
  const change = changeOf(id.bytes, machineId, id.shift) ^ changeOf(name.bytes, machineName, name.shift)
  member.writeUInt32LE((checksum ^ change) >>> 0, member.length - 8)
  return member
}
