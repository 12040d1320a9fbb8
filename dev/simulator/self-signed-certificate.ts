import type { ServerCertificate } from './server.ts'
import { DAY } from './time.ts'

/** A certificate for loopback, valid by the wall clock, which is the one that TLS clients go by. */
export async function makeCertificate(): Promise<ServerCertificate> {
  // Loaded when it is needed: most who start a simulator have one tenant, and no authority.
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + 365 * DAY),
    extensions: [
      // Clients trust it as an authority of its own.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: made.private, certificate: made.cert }
}
