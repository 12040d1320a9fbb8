import type { Fault } from './fault.ts'
import { redact } from './redact.ts'

const NO_CREDENTIAL =
  'no credential is set up: give the app a managed identity, set AZURE_TENANT_ID, AZURE_CLIENT_ID and ' +
  'AZURE_CLIENT_SECRET, or sign in with Azure CLI'

/** Texts by which the libraries tell that the answer might be another one in a while; most of their errors carry no status. */
const TEMPORARY =
  /network_error|endpoints_resolution_error|temporarily_unavailable|AADSTS90033\b|\b(ECONN\w+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)\b/

/** The part of an error text that names a cause, among the lines of all credentials that were tried in vain. */
const CAUSE = /AADSTS\d+|Authentication failed|Network unreachable|Status code/

/**
 * The fault of a credential that gave no token. It is `unauthorized` (an administrator has to act), unless the cause looks temporary.
 * Error codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function credentialFault(error: unknown): Fault {
  const chain = withCauses(error)
  const lines = chain.flatMap(({ message }) => message.split('\n'))
  const cause = lines.find((line) => CAUSE.test(line)) ?? lines.find((line) => TEMPORARY.test(line))
  const temporary =
    chain.some(({ status }) => status !== undefined && (status === 429 || status >= 500)) || lines.some((line) => TEMPORARY.test(line))
  const unexplained = lines.length > 1 || lines[0] === '' ? NO_CREDENTIAL : (lines[0] ?? NO_CREDENTIAL)
  return {
    kind: temporary ? 'transient' : 'unauthorized',
    code: 'credentialUnavailable',
    detail: redact(explained(cause ?? unexplained)),
  }
}

function explained(cause: string): string {
  if (!cause.includes('AADSTS500011')) return cause
  return `Defender for Endpoint is not provisioned in this tenant, or DEFENDER_SCOPE is wrong. ${cause}`
}

interface Cause {
  message: string
  status?: number
}

/** An error, the errors of the credentials in its chain, and their causes. */
function withCauses(error: unknown): Cause[] {
  if (!(error instanceof Error)) return [{ message: '' }]
  const inner = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : []
  const causes = [...inner, ...(error.cause === undefined ? [] : [error.cause])]
  const status = statusOf(error)
  return [{ message: error.message, ...(status === undefined ? {} : { status }) }, ...causes.flatMap(withCauses)]
}

function statusOf(error: Error): number | undefined {
  const status: unknown = 'statusCode' in error ? error.statusCode : 'status' in error ? error.status : undefined
  return typeof status === 'number' ? status : undefined
}
