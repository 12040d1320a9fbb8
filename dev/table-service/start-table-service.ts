import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { cutOff, listenOnLoopback } from '../loopback.ts'
import { type Behaviour, behaviourSchema, UNDISTURBED } from './behaviour.ts'
import type { Counts } from './counts.ts'
import { type HttpClient, inProcessClient } from './in-process-client.ts'
import { LIMITS } from './limits.ts'
import type { Answer } from './answer.ts'
import { TableService, type TableServiceSettings } from './table-service.ts'

/** Every Storage emulator has this account, and no signature is looked at. */
const ACCOUNT = { name: 'devstoreaccount1', key: Buffer.from('no secret: signatures are not verified').toString('base64') }

/** A client that reuses a connection which the server is about to close sees a reset: idle connections live longer than any pause of a test. */
const KEEP_ALIVE_MILLISECONDS = 600_000

export interface TableServiceOptions extends Partial<TableServiceSettings> {
  /** 0, the default, takes a free one. */
  port?: number
  behaviour?: Partial<Behaviour>
}

export interface RunningTableService {
  /** For `TableClient.fromConnectionString(…, { allowInsecureConnection: true })`. */
  connectionString: string
  /** The table endpoint, with the account's name. */
  url: string
  /** For clients in this process: the same service without its sockets. */
  httpClient: HttpClient
  counts(): Counts
  /** Changes switches from the next request on. */
  setFaults(change: Partial<Behaviour>): void
  /** Cuts open connections. */
  close(): Promise<void>
}

/**
 * An in-memory Table service on the loopback interface. Beside the service's own paths it answers `GET /counts` and `PATCH /faults`,
 * for one that runs as its own process.
 */
export async function startTableService(options: TableServiceOptions = {}): Promise<RunningTableService> {
  const { port = 0, behaviour, now = Date.now, random = Math.random, script = () => undefined, log = () => undefined } = options
  const service = new TableService({ now, random, script, log }, { ...UNDISTURBED, ...behaviour })
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MILLISECONDS },
    (incoming, outgoing) => void answer(service, incoming, outgoing),
  )
  const url = `${await listenOnLoopback(server, port)}/${ACCOUNT.name}`
  return {
    url,
    httpClient: inProcessClient((request) => service.handle(request)),
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT.name};AccountKey=${ACCOUNT.key};TableEndpoint=${url};`,
    counts: () => service.counter.read(),
    setFaults: (change) => {
      service.behaviour = { ...service.behaviour, ...change }
    },
    close: () => cutOff(server),
  }
}

async function answer(service: TableService, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const body = await readBody(incoming)
    const result =
      control(service, incoming, body) ??
      service.handle({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body })
    if (result === 'cut') outgoing.destroy()
    else send(result, outgoing)
  } catch (error) {
    console.error(error)
    outgoing.destroy()
  }
}

function send({ status, headers, body, brokenOffAt }: Answer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body), 'x-ms-version': '2019-02-02' })
  if (brokenOffAt) outgoing.write(body.slice(0, brokenOffAt), () => outgoing.destroy())
  else outgoing.end(body)
}

function control(service: TableService, { method, url }: IncomingMessage, body: string): Answer | undefined {
  const headers = { 'Content-Type': 'application/json' }
  if (method === 'GET' && url === '/counts') return { status: 200, headers, body: JSON.stringify(service.counter.read()) }
  if (method !== 'PATCH' || url !== '/faults') return undefined
  const change = behaviourSchema.safeParse(JSON.parse(body))
  if (!change.success) return { status: 400, headers, body: JSON.stringify(change.error.issues) }
  service.behaviour = { ...service.behaviour, ...change.data }
  return { status: 200, headers, body: JSON.stringify(service.behaviour) }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    // What is far too large is read to its end, so that the client sees its 413, and not kept.
    if ((bytes += chunk.length) <= 2 * LIMITS.batchBytes) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
