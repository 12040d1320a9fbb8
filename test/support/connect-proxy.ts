import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface ConnectProxy {
  url: string
  /** What tunnels were asked for, e.g. `defender.example:443`, and with which headers. */
  tunnels: { target: string; headers: NodeJS.Dict<string | string[]> }[]
  /** Requests that were to be passed on in the clear. */
  requests: string[]
}

/** A real HTTP proxy on loopback; every name that it is asked for leads to the given port of this machine, or is refused. */
export async function startConnectProxy(port: number, refusal?: number): Promise<ConnectProxy> {
  const proxy: ConnectProxy = { url: '', tunnels: [], requests: [] }
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    proxy.requests.push(request.url ?? '')
    response.writeHead(405).end()
  })
  server.on('connect', (request, client: Socket) => {
    proxy.tunnels.push({ target: request.url ?? '', headers: request.headers })
    client.on('error', () => undefined)
    sockets.add(client)
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal} No\r\n\r\n`)
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(target).pipe(client)
    })
    target.on('error', () => client.destroy())
    sockets.add(target)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return proxy
}
