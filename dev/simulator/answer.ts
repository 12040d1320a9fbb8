/** An answer with a body. `truncated` sends half of it and cuts the connection; `stalled` sends half of it and no more. */
export interface BodyAnswer {
  kind: 'complete' | 'truncated' | 'stalled'
  status: number
  headers: Record<string, string>
  body: string
  delayMilliseconds?: number
}

/** An answer whose body is made while it is read. It may throw a ConnectionLost. */
export interface StreamAnswer {
  kind: 'stream'
  status: number
  headers: Record<string, string>
  chunks: AsyncIterable<Buffer>
  delayMilliseconds?: number
}

/** Thrown in the middle of a body, where the connection is to be lost. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost'
  readonly how: 'ended' | 'reset'

  constructor(how: 'ended' | 'reset') {
    super(`the connection is to be ${how}`)
    this.how = how
  }
}

/** What the server does with a request. */
export type Answer = BodyAnswer | StreamAnswer | { kind: 'hang' } | { kind: 'reset' }

const JSON_TYPE = 'application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8'

export function json(status: number, body: unknown, headers: Record<string, string> = {}): BodyAnswer {
  return { kind: 'complete', status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) }
}

/** An error in the form of https://learn.microsoft.com/defender-endpoint/api/common-errors; `target` is the tracking id for support. */
export function failure(status: number, code: string, message: string, target: string, headers: Record<string, string> = {}) {
  return json(status, { error: { code, message, target } }, headers)
}

export function html(status: number, title: string): BodyAnswer {
  const heading = `${status} ${title}`
  const body = `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n</body>\r\n</html>\r\n`
  return { kind: 'complete', status, headers: { 'content-type': 'text/html' }, body }
}

/** The status for the log; 0 where the caller sees none. */
export function statusOf(answer: Answer): number {
  return answer.kind === 'hang' || answer.kind === 'reset' ? 0 : answer.status
}
