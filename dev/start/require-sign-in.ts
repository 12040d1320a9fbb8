import type { TokenCredential } from '@azure/identity'
import { redactText } from '../../src/redact-error.ts'
import { explainRefusal } from './explain-refusal.ts'
import { UserError } from './session.ts'

/** Whoever is not signed in learns so at once. */
const LIMIT_MS = 30_000

/** Asks for a token before anything is taken up. Throws a `UserError` with what the identity's own tools say, and what to do. */
export async function requireSignIn(credential: Pick<TokenCredential, 'getToken'>, scope: string, tenantId: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(LIMIT_MS)
  try {
    await credential.getToken(scope, { abortSignal })
  } catch (error) {
    const said = abortSignal.aborted
      ? `no token within ${LIMIT_MS / 1000} s`
      : redactText(error instanceof Error ? error.message : String(error))
    const [, ...advice] = explainRefusal({ code: 'credentialUnavailable', detail: said }, tenantId)
    throw new UserError(['There is no token for Defender:', ...said.split('\n').map((line) => `  ${line}`), ...advice].join('\n'))
  }
}
