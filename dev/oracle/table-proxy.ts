import { Agent, createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import { cutOff, listenOnLoopback } from '../loopback.ts'

export interface TableProxy {
  /** The table endpoint, with the account name. */
  url: string
  /** What to do when these tables have been written to, one after the other: the last write has had its effect, and its answer is not heard; once. */
  atWritesTo(tables: readonly string[], deed: () => Promise<void>): void
  close(): Promise<void>
}

/** Stands before the tables of Azurite and lets everything pass, so that a process can be killed at a chosen write. */
export async function startTableProxy(tablesUrl: string): Promise<TableProxy> {
  const target = new URL(tablesUrl)
  const agent = new Agent({ keepAlive: true })
  let awaited: { tables: readonly string[]; deed: () => Promise<void> } | undefined
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request)
    const { status, headers, answer } = await forward({ target, agent }, request, body)
    const deed = deedAt(request, body)
    await deed?.()
    if (deed) response.destroy()
    else response.writeHead(status, headers).end(answer)
  }

  function deedAt(request: IncomingMessage, body: Buffer): (() => Promise<void>) | undefined {
    const [table, ...others] = awaited?.tables ?? []
    if (!awaited || table === undefined || !isWriteTo(table, request, body)) return undefined
    const { deed } = awaited
    awaited = others.length > 0 ? { tables: others, deed } : undefined
    return others.length > 0 ? undefined : deed
  }

  const url = (await listenOnLoopback(server, 0)) + target.pathname
  return {
    url,
    atWritesTo(tables, deed) {
      awaited = { tables, deed }
    },
    async close() {
      await cutOff(server)
      agent.destroy()
    },
  }
}

async function forward({ target, agent }: { target: URL; agent: Agent }, { method, url, headers }: IncomingMessage, body: Buffer) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    send({ host: target.hostname, port: target.port, method, path: url, headers, agent }, resolve).once('error', reject).end(body)
  })
  const { 'transfer-encoding': _, ...others } = answer.headers
  return { status: answer.statusCode ?? 500, headers: others, answer: await bytesOf(answer) }
}

function isWriteTo(table: string, { method, url = '' }: IncomingMessage, body: Buffer): boolean {
  if (method === 'GET') return false
  return new RegExp(`/${table}(\\(| |\\?|$)`).test(url.endsWith('$batch') ? body.toString() : url)
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
