import { createHmac, timingSafeEqual } from 'node:crypto'

/** A JSON Web Token of these claims. The signature is symmetric: only the simulator itself ever checks it. */
export function signToken(claims: object, key: string): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${signatureOf(signed, key)}`
}

/** What a token claims that was signed with this key; undefined for any other text. */
export function claimsOf(token: string, key: string): unknown {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const expected = Buffer.from(signatureOf(`${header}.${claims}`, key))
  const given = Buffer.from(signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  return decode(claims)
}

/** What a token claims, whoever signed it. */
export function unprovenClaimsOf(token: string): unknown {
  try {
    return decode(token.split('.')[1] ?? '')
  } catch {
    return undefined
  }
}

/** The token of an Authorization header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
}

/** Whole seconds, as tokens have times. */
export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000)
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64url').toString())
}

function signatureOf(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
