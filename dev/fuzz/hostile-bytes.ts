import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Random } from './random.ts'
import type { WireAnswer } from './wire-answer.ts'

type Change = readonly [label: string, change: (answer: WireAnswer) => WireAnswer]

const body =
  (change: (body: Buffer) => Buffer) =>
  (answer: WireAnswer): WireAnswer => ({ ...answer, body: change(answer.body) })

const headed =
  (name: string, value: string, change: (body: Buffer) => Buffer = (same) => same) =>
  (answer: WireAnswer): WireAnswer => ({ ...answer, headers: [...answer.headers, [name, value]], body: change(answer.body) })

const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))

/** What may happen to the bytes of an answer without a word of it becoming another one. */
const ENCODINGS: readonly Change[] = [
  ['a byte order mark', body((bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]))],
  ['two byte order marks', body((bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), bytes]))],
  ['UTF-16', body((bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le'))],
  ['UTF-16 without a mark', body((bytes) => Buffer.from(bytes.toString(), 'utf16le'))],
  ['Latin-1', headed('content-type', 'application/json; charset=iso-8859-1', (bytes) => Buffer.from(bytes.toString(), 'latin1'))],
  ['bytes that are no UTF-8 at its end', body((bytes) => Buffer.concat([bytes, Buffer.from([0xff, 0xc0, 0x80])]))],
  ['gzip', headed('content-encoding', 'gzip', (bytes) => gzipSync(bytes))],
  ['gzip, cut', headed('content-encoding', 'gzip', (bytes) => half(gzipSync(bytes)))],
  ['gzip that nobody told of', body((bytes) => gzipSync(bytes))],
  ['deflate', headed('content-encoding', 'deflate', (bytes) => deflateSync(bytes))],
  ['br, cut', headed('content-encoding', 'br', (bytes) => half(brotliCompressSync(bytes)))],
  ['plain, said to be gzip', headed('content-encoding', 'gzip')],
  ['plain, said to be of no known coding', headed('content-encoding', 'zstd, x-nothing')],
  ['half of it', body(half)],
  ['all but the last byte', body((bytes) => bytes.subarray(0, -1))],
  ['the same twice', body((bytes) => Buffer.concat([bytes, bytes]))],
  ['a line before it', body((bytes) => Buffer.concat([Buffer.from(")]}',\n"), bytes]))],
  ['spaces around it', body((bytes) => Buffer.concat([Buffer.from(' \r\n\t'.repeat(500)), bytes, Buffer.from(' \n')]))],
  ['a NUL behind it', body((bytes) => Buffer.concat([bytes, Buffer.from([0])]))],
  ['nothing at all', body(() => Buffer.alloc(0))],
  ['one byte', body((bytes) => bytes.subarray(0, 1))],
  ['text/html', headed('content-type', 'text/html')],
  ['no type', (answer) => ({ ...answer, headers: [] })],
]

export function encoded(answer: WireAnswer, random: Random): WireAnswer {
  const [label, change] = random.pick(ENCODINGS)
  return { ...change(answer), label: `${answer.label}, ${label}` }
}

/** A byte somewhere becomes another one. */
export function flipped(answer: WireAnswer, random: Random): WireAnswer {
  const bytes = Buffer.from(answer.body)
  const times = random.between(1, 3)
  for (let time = 0; time < times && bytes.length > 0; time++) bytes[random.between(0, bytes.length - 1)] = random.between(0, 255)
  return { ...answer, body: bytes, label: `${answer.label}, ${times} bytes changed` }
}
