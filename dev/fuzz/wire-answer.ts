/** How the body is put on the wire. */
export const FRAMINGS = [
  'length',
  'chunked',
  /** Neither a length nor chunks: the body ends with the connection. */
  'closed',
  /** More is announced than comes. */
  'cut',
  'cutInAChunk',
  /** Less is announced than comes. */
  'tooLong',
  /** The connection is cut before anything comes. */
  'reset',
  /** The connection is cut within the head. */
  'cutHead',
] as const
export type Framing = (typeof FRAMINGS)[number]

/** An answer as it goes over the wire. */
export interface WireAnswer {
  /** What is odd about it. */
  label: string
  status: number
  headers: readonly (readonly [name: string, value: string])[]
  body: Buffer
  framing: Framing
  /** The answer to the pages that it links to: the same again, or another; none is as usual. */
  next?: 'same' | WireAnswer
}

export const plainAnswer = (label: string, body: string | Buffer, status = 200): WireAnswer => ({
  label,
  status,
  headers: [['content-type', 'application/json; odata.metadata=minimal']],
  body: typeof body === 'string' ? Buffer.from(body) : body,
  framing: 'length',
})

/** The bytes on the wire; the connection ends behind them. */
export function onTheWire({ status, headers, body, framing }: WireAnswer): Buffer {
  if (framing === 'reset') return Buffer.alloc(0)
  const lines = [`HTTP/1.1 ${String(status).padStart(3, '0')} Whatever`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const head = [...lines, ...framingHeaders(framing, body.length), 'connection: close', '', ''].join('\r\n')
  if (framing === 'cutHead') return Buffer.from(head.slice(0, head.length / 2))
  return Buffer.concat([Buffer.from(head, 'latin1'), framedBody(framing, body)])
}

function framingHeaders(framing: Framing, bytes: number): string[] {
  switch (framing) {
    case 'chunked':
    case 'cutInAChunk':
      return ['transfer-encoding: chunked']
    case 'cut':
      return [`content-length: ${bytes + 7}`]
    case 'tooLong':
      return [`content-length: ${halfOf(bytes)}`]
    case 'length':
      return [`content-length: ${bytes}`]
    case 'closed':
    case 'reset':
    case 'cutHead':
      return []
  }
}

function framedBody(framing: Framing, body: Buffer): Buffer {
  if (framing !== 'chunked' && framing !== 'cutInAChunk') return body
  const half = halfOf(body.length)
  const chunk = (part: Buffer) => Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])
  if (framing === 'cutInAChunk') return chunk(body).subarray(0, -Math.max(3, half))
  const parts = [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0)
  return Buffer.concat([...parts.map(chunk), Buffer.from('0\r\n\r\n')])
}

const halfOf = (bytes: number) => Math.floor(bytes / 2)

/** The body that a client has when all is done by the book; undefined where it knows that it has not got all. */
export function delivered({ framing, body }: WireAnswer): Buffer | undefined {
  switch (framing) {
    case 'length':
    case 'chunked':
    case 'closed':
      return body
    case 'tooLong':
      return body.subarray(0, halfOf(body.length))
    case 'cut':
    case 'cutInAChunk':
    case 'reset':
    case 'cutHead':
      return undefined
  }
}
