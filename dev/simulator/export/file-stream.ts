import { ConnectionLost } from '../answer.ts'
import type { FaultRule } from '../faults.ts'
import { membersOf } from './copied-members.ts'
import type { FileMischief } from './file-mischief.ts'
import { rowsOfFile } from './file-rows.ts'
import { GzipMember } from './gzip-stream.ts'
import { lineOf, type ExportRow, type Spelling } from './row.ts'
import type { ExportFile, VulnerabilityExports } from './vulnerability-exports.ts'

/** So many bytes are packed at a time. */
const PACKED_BYTES = 64 * 1024
const LONG_LINE_BYTES = 4 * 1024 * 1024

const BREAKS = ['fileCut', 'fileBroken', 'fileStalls', 'fileAborted', 'fileReset'] as const
type Break = (typeof BREAKS)[number]

/** Text of a file, or where it breaks. */
type Piece = string | { breaks: Break }

/** A file as it goes out: gzip, made while it is read, and never whole in memory. Throws ConnectionLost where that is struck. */
export async function* streamFile(file: ExportFile, exports: VulnerabilityExports, mischief: FileMischief): AsyncGenerator<Buffer> {
  if (mischief.fileEmpty) return
  const copies = isPlain(mischief) ? exports.copiedMembers(file.generatedAt) : undefined
  if (copies) yield* membersOf(exports.machinesOf(file), copies)
  else yield* packed(piecesOf(file, exports, mischief), exports.options.manyMembers, mischief.fileWrongChecksum)
}

/** Whether the rows go out as they are. */
const isPlain = (mischief: FileMischief): boolean => Object.keys(mischief).every((name) => name === 'fileContentEncoding')

/** The text of a file, with the break that is struck where it is. */
function* piecesOf(file: ExportFile, exports: VulnerabilityExports, mischief: FileMischief): Generator<Piece> {
  const spelling = spellingOf(mischief)
  const broken = BREAKS.find((name) => mischief[name])
  const breaksAt = positionOf(broken && mischief[broken], file, exports, mischief)
  const brokenLineAt = positionOf(mischief.fileBrokenLine, file, exports, mischief)
  const longLineAt = positionOf(mischief.fileLongLine, file, exports, mischief)
  let rows = 0
  for (const row of rowsOfFile(file, exports, mischief)) {
    if (rows === breaksAt && broken) yield { breaks: broken }
    const line = lineOf(row, spelling)
    if (rows === brokenLineAt) yield `${line.slice(0, line.length / 2)}\n`
    if (rows === longLineAt) yield `${lineOf(longRow(row, mischief.fileLongLine?.bytes ?? LONG_LINE_BYTES), spelling)}\n`
    yield mischief.fileOddLines ? `${rows % 5 === 3 ? '\r\n\n' : ''}${rows > 0 ? '\r\n' : ''}${line}` : `${line}\n`
    rows++
  }
  // A file with fewer rows than that breaks at its end.
  if (broken && breaksAt !== undefined && breaksAt >= rows) yield { breaks: broken }
}

/** After how many rows it strikes: in the middle, unless told. */
function positionOf(rule: FaultRule | undefined, file: ExportFile, exports: VulnerabilityExports, mischief: FileMischief) {
  if (!rule) return undefined
  if (rule.rows !== undefined) return rule.rows
  let rows = 0
  for (const _ of rowsOfFile(file, exports, mischief)) rows++
  return Math.floor(rows / 2)
}

function spellingOf({ fileCamelCase, fileAnyCase, fileEmptyStrings }: FileMischief): Spelling {
  return {
    ...(fileCamelCase ? { names: 'camelCase', nulls: 'written' } : fileAnyCase && { names: 'anyCase' }),
    ...(fileEmptyStrings && { nulls: 'emptyStrings' }),
  }
}

/** The row with a path so long that its line has about so many bytes. */
function longRow(row: ExportRow, bytes: number): ExportRow {
  return { ...row, DiskPaths: [`c:\\${'x'.repeat(bytes)}`] }
}

async function* packed(pieces: Iterable<Piece>, manyMembers: boolean, spoilsChecksum: FaultRule | undefined) {
  let member = new GzipMember()
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'object') {
      yield Buffer.concat([await member.add(Buffer.from(text)), await member.flush()])
      yield* broken(piece.breaks)
      return
    }
    text += piece
    if (text.length < (manyMembers ? 4 * 1024 : PACKED_BYTES)) continue
    const ready = await member.add(Buffer.from(text))
    text = ''
    if (!manyMembers) yield ready
    else {
      yield Buffer.concat([ready, await member.end()])
      member = new GzipMember()
    }
  }
  const rest = Buffer.concat([await member.add(Buffer.from(text)), await member.end()])
  yield spoilsChecksum ? withWrongChecksum(rest) : rest
}

/** What comes after a break. */
async function* broken(how: Break): AsyncGenerator<Buffer> {
  switch (how) {
    case 'fileCut':
      return
    case 'fileBroken':
      // A block of the type that is reserved for mistakes.
      yield Buffer.alloc(64, 0xff)
      return
    case 'fileStalls':
      await new Promise<never>(() => undefined)
      return
    case 'fileAborted':
      throw new ConnectionLost('ended')
    case 'fileReset':
      throw new ConnectionLost('reset')
  }
}

/** The last eight bytes are the checksum and the length. */
function withWrongChecksum(end: Buffer): Buffer {
  const at = end.length - 8
  end.writeUInt8((end.readUInt8(at) + 1) % 256, at)
  return end
}
