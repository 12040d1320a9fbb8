import { AppIdentityError } from './app-identity-error.ts'
import { type Cause, causesOf, codeOf } from './causes.ts'
import { type Fault, NO_TOKEN } from './fault.ts'
import { redact } from './redact.ts'

const NO_CREDENTIAL =
  'no credential is set up: give the app a managed identity, set AZURE_TENANT_ID, AZURE_CLIENT_ID and ' +
  'AZURE_CLIENT_SECRET, or sign in with Azure CLI'

/** What only an administrator can mend: https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application */
const REFUSALS = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_resource',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'access_denied',
  'consent_required',
  'interaction_required',
  'login_required',
])

/** What may pass by itself: of OAuth, of the libraries, and of the network. */
const OUTAGES =
  /^(server_error|temporarily_unavailable|network_error|endpoints_resolution_error|openid_config_error|request_timeout|ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/

/** What a line says when it names a cause, among the lines of all credentials that were tried in vain; the platform's own words first. */
const CAUSES = [/AADSTS\d+/, /^[a-z]+_[a-z_]+: /, /Authentication failed|Network unreachable|Status code/]

/**
 * The fault of a credential that gave no token. By OAuth's error and the status, it is `unauthorized` where an administrator has to act,
 * and `identity` where there was no answer, or one that cannot be read. Without either there is no credential: `unauthorized` as well.
 * Error codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function credentialFault(error: unknown): Fault {
  const chain = causesOf(error)
  const lines = chain.flatMap(({ message }) => message.split('\n'))
  const cause =
    CAUSES.map((cause) => lines.find((line) => cause.test(line))).find((line) => line !== undefined) ??
    lines.find((line) => OUTAGES.test(codeOf(line) ?? ''))
  const unexplained = lines.length > 1 || lines[0] === '' ? NO_CREDENTIAL : (lines[0] ?? NO_CREDENTIAL)
  const detail = redact(explained(cause ?? unexplained))
  // No tenant's trouble, so none fails of it.
  if (error instanceof AppIdentityError) return { kind: 'identity', code: NO_TOKEN, detail: `${error.message}: ${detail}`, isApps: true }
  const isOutage = !chain.some(isRefusal) && chain.some(isOutageCause)
  return { kind: isOutage ? 'identity' : 'unauthorized', code: NO_TOKEN, detail }
}

/** OAuth's word for the error, or a status together with a body that could be read: only such errors of the library have both. */
function isRefusal({ name, status, codes }: Cause): boolean {
  return (
    codes.some((code) => REFUSALS.has(code)) ||
    (name === 'ServerError' && [400, 401, 403].includes(status ?? 0) && !codes.some(isOutageCode))
  )
}

/**
 * A `TypeError` or `SyntaxError` is what the libraries make of an answer without a body, or of one that is no JSON.
 */
function isOutageCause({ name, status, codes }: Cause): boolean {
  const isUnread = ['TypeError', 'SyntaxError', 'AbortError', 'TimeoutError'].includes(name)
  return isUnread || status === 408 || status === 429 || (status ?? 0) >= 500 || codes.some(isOutageCode)
}

const isOutageCode = (code: string) => OUTAGES.test(code)

function explained(cause: string): string {
  if (!cause.includes('AADSTS500011')) return cause
  return `Defender for Endpoint is not provisioned in this tenant, or DEFENDER_SCOPE is wrong. ${cause}`
}
