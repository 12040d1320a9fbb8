import type { Server } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/**
 * Has a server listen on the loopback interface; port 0 takes a free one. Resolves to `http://127.0.0.1:<port>`, or `https:` for a server
 * that speaks it; rejects if the port is taken.
 */
export async function listenOnLoopback(server: Server | TlsServer, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const scheme = server instanceof TlsServer ? 'https' : 'http'
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Closes a server at once: connections that wait for an answer are cut. */
export async function cutOff(server: Server | TlsServer): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
