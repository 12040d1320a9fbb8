import { Agent, type RequestOptions } from 'node:https'

type Connect = (this: Agent, options: RequestOptions, ...rest: unknown[]) => unknown

/**
 * Has every https agent of this process trust a certificate, and no other, until what it gives is called. @azure/identity makes agents of
 * its own, which know nothing of `globalAgent`; a process of its own is told by `NODE_EXTRA_CA_CERTS` instead.
 */
export function trustCertificate(certificate: string): () => void {
  const prototype = Agent.prototype as unknown as { createConnection: Connect }
  const original = prototype.createConnection
  prototype.createConnection = function (options, ...rest) {
    return original.call(this, { ...options, ca: certificate }, ...rest)
  }
  return () => {
    prototype.createConnection = original
  }
}
