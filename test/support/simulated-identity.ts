import type { Simulator } from '../../dev/simulator/index.ts'
import type { Credential } from '../../src/defender/index.ts'

/**
 * The simulator's managed identity, asked directly. @azure/identity keeps the first endpoint it meets for the life of the process, so
 * it serves one simulator a process; the tests of the whole app through its registration go through it.
 */
export function simulatedIdentity({ environment }: Simulator): Credential & { issued: readonly string[] } {
  const issued: string[] = []
  const getFreshToken = async (scope: string) => {
    const resource = encodeURIComponent(scope.replace(/\/\.default$/, ''))
    const url = `${environment.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`
    const response = await fetch(url, { headers: { 'x-identity-header': environment.IDENTITY_HEADER } })
    const { access_token: token, expires_on: expiresOn } = (await response.json()) as { access_token: string; expires_on: string }
    issued.push(token)
    return { token, expiresOnTimestamp: Number(expiresOn) * 1000 }
  }
  return { issued, getFreshToken, getToken: (scopes) => getFreshToken(String(scopes)) }
}
