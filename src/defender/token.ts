import type { AccessToken } from '@azure/identity'
import type { Clock } from '../outside.ts'
import type { Credential } from './credential.ts'
import { credentialFault } from './credential-fault.ts'
import type { FaultResult } from './fault.ts'
import { DEFENDER_POLICY } from './policy.ts'

export type TokenResult = { kind: 'token'; token: string } | FaultResult

/** Where the bearer token comes from. */
export interface TokenSource {
  /** A token that is good for some minutes yet; cached, and asked for once however many calls wait for it. */
  get(): Promise<TokenResult>
  /** Says that the API answered 401 to this token: the next `get` asks for a fresh one, past all caches. */
  refuse(token: string): void
}

export interface TokenSourceOptions {
  credential: Credential
  scope: string
  clock: Clock
  timeoutMs?: number
}

/** A cached source of tokens. */
export function createTokenSource({
  credential,
  scope,
  clock,
  timeoutMs = DEFENDER_POLICY.tokenTimeoutMs,
}: TokenSourceOptions): TokenSource {
  let held: AccessToken | undefined
  let mustBeFresh = false
  let asking: Promise<TokenResult> | undefined

  async function ask(): Promise<TokenResult> {
    try {
      const token = await within(timeoutMs, mustBeFresh ? credential.getFreshToken(scope) : credential.getToken(scope))
      if (token === null) return { kind: 'fault', fault: credentialFault(undefined) }
      held = token
      mustBeFresh = false
      return { kind: 'token', token: token.token }
    } catch (error) {
      return { kind: 'fault', fault: credentialFault(error) }
    } finally {
      asking = undefined
    }
  }

  return {
    async get() {
      if (held !== undefined && held.expiresOnTimestamp - DEFENDER_POLICY.tokenMarginMs > clock.now())
        return { kind: 'token', token: held.token }
      asking ??= ask()
      return asking
    },
    refuse(token) {
      // Calls in flight may be refused with a token that has been replaced already.
      if (held?.token !== token) return
      held = undefined
      mustBeFresh = true
    },
  }
}

/** Bounds a promise by real time: a credential asks a real endpoint, and not every one can be aborted. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`ETIMEDOUT: the credential gave no token within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
