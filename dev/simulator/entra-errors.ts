import { json, type BodyAnswer } from './answer.ts'

/** What an error of Entra tells of the request that it refuses. */
export interface RefusedRequest {
  tenantId: string
  clientId: string
  resource: string
  /** Whom the assertion names. */
  subject: string
}

interface EntraError {
  code: number
  /** OAuth's word for it. */
  error: string
  status: number
  suberror?: string
  text: (refused: RefusedRequest) => string
}

const NOT_INSTALLED =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.'
const SEE_KEYS =
  'Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and ' +
  'https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL'

/**
 * Entra's errors: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. Words, texts and statuses are those that
 * people report of real tenants.
 */
export const ENTRA_ERRORS = {
  notOnboarded: {
    code: 700016,
    error: 'unauthorized_client',
    status: 400,
    text: ({ clientId, tenantId }) =>
      `Application with identifier '${clientId}' was not found in the directory '${tenantId}'. ${NOT_INSTALLED} ` +
      'You may have sent your authentication request to the wrong tenant.',
  },
  // The same word as for a wrong assertion, though it is the tenant's affair: azure-sdk-for-net issue 46762, openclaw-teams-setup issue 2.
  noServicePrincipal: {
    code: 7000229,
    error: 'invalid_client',
    status: 401,
    text: ({ clientId, tenantId }) =>
      `The client application ${clientId} is missing service principal in the tenant ${tenantId}. ` +
      'See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119',
  },
  notConsented: {
    code: 65001,
    error: 'invalid_grant',
    status: 400,
    suberror: 'consent_required',
    text: ({ clientId }) =>
      `The user or administrator has not consented to use the application with ID '${clientId}' named 'patchtrail'. ` +
      'Send an interactive authorization request for this user and resource.',
  },
  noDefender: {
    code: 500011,
    error: 'invalid_resource',
    status: 400,
    text: ({ resource, tenantId }) =>
      `The resource principal named ${resource} was not found in the tenant named ${tenantId}. ${NOT_INSTALLED} ` +
      'You might have sent your authentication request to the wrong tenant.',
  },
  unknownTenant: {
    code: 90002,
    error: 'invalid_request',
    status: 400,
    text: ({ tenantId }) =>
      `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. ` +
      'Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.',
  },
  conditionalAccess: {
    code: 53003,
    error: 'invalid_grant',
    status: 400,
    suberror: 'message_only',
    text: () => 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  temporarilyUnavailable: {
    code: 90033,
    error: 'temporarily_unavailable',
    status: 503,
    text: () => 'A transient error has occurred. Please try again.',
  },
  noMatchingCredential: {
    code: 700213,
    error: 'invalid_client',
    status: 401,
    text: ({ subject }) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. Check your federated identity credential ` +
      'Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation',
  },
  wrongAssertion: {
    code: 700027,
    error: 'invalid_client',
    status: 401,
    text: ({ clientId }) =>
      'The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not ' +
      'found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id ' +
      `'${clientId}'. ${SEE_KEYS}, such as 'https://graph.microsoft.com/beta/applications/${clientId}'].`,
  },
  expiredAssertion: {
    code: 700024,
    error: 'invalid_client',
    status: 401,
    text: () => 'Client assertion is not within its valid time range.',
  },
  noAssertion: {
    code: 7000216,
    error: 'invalid_client',
    status: 401,
    text: () => "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  wrongGrant: {
    code: 70003,
    error: 'unsupported_grant_type',
    status: 400,
    text: () => 'The app requested an unsupported grant type.',
  },
  wrongScope: {
    code: 1002012,
    error: 'invalid_scope',
    status: 400,
    text: ({ resource }) =>
      `The provided value for scope ${resource} is not valid. Client credential flows must have a scope value with /.default suffixed to ` +
      'the resource identifier (application ID URI).',
  },
} as const satisfies Record<string, EntraError>

export type EntraErrorName = keyof typeof ENTRA_ERRORS

/** The answer that refuses a token. `traceId` and `correlationId` are for Microsoft's support; `at` in epoch ms. */
export function refuseAsEntra(
  name: EntraErrorName,
  refused: RefusedRequest,
  { at, traceId, correlationId }: { at: number; traceId: string; correlationId: string },
): BodyAnswer {
  const { code, error, status, text, suberror }: EntraError = ENTRA_ERRORS[name]
  const timestamp = `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
  const body = {
    error,
    error_description: `AADSTS${code}: ${text(refused)} ${ids}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(suberror !== undefined && { suberror }),
  }
  return json(status, body, { 'content-type': 'application/json; charset=utf-8' })
}
