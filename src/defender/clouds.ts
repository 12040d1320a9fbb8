/**
 * Where Defender for Endpoint and its tokens live, by cloud. [D] = documented by Microsoft, [R] = reported by users, [G] = guessed:
 * whatever is not [D] can be overridden with DEFENDER_API_URL and DEFENDER_SCOPE.
 */
export interface Cloud {
  apiUrl: string
  /** Scope of the token. The API's host and its audience are independent: the newer host takes tokens of the older audience. */
  scope: string
  /** Microsoft Entra authority, for every credential but a managed identity. */
  authorityUrl: string
  /** [D] What a managed identity's token is for that proves an app to other tenants: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
  assertionAudience: string
}

// [D] API hosts and login authorities: https://learn.microsoft.com/defender-endpoint/gov
export const clouds = {
  commercial: {
    // [D] https://learn.microsoft.com/defender-endpoint/api/exposed-apis-list
    apiUrl: 'https://api.security.microsoft.com',
    // [D] https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp
    scope: 'https://api.securitycenter.microsoft.com/.default',
    authorityUrl: 'https://login.microsoftonline.com',
    assertionAudience: 'api://AzureADTokenExchange',
  },
  gcc: {
    apiUrl: 'https://api-gcc.securitycenter.microsoft.us',
    // [R] GCC signs in on the commercial authority, and integrations ask for the commercial audience.
    scope: 'https://api.securitycenter.microsoft.com/.default',
    authorityUrl: 'https://login.microsoftonline.com',
    assertionAudience: 'api://AzureADTokenExchange',
  },
  gcchigh: {
    apiUrl: 'https://api-gov.securitycenter.microsoft.us',
    // [R] the App ID URI on securitycenter.onmicrosoft.us; [G] its path, which is that of the commercial one.
    scope: 'https://securitycenter.onmicrosoft.us/windowsatpservice/.default',
    authorityUrl: 'https://login.microsoftonline.us',
    assertionAudience: 'api://AzureADTokenExchangeUSGov',
  },
  dod: {
    apiUrl: 'https://api-gov.securitycenter.microsoft.us',
    scope: 'https://securitycenter.onmicrosoft.us/windowsatpservice/.default',
    authorityUrl: 'https://login.microsoftonline.us',
    assertionAudience: 'api://AzureADTokenExchangeUSGov',
  },
} as const satisfies Record<string, Cloud>

export type CloudName = keyof typeof clouds
export const cloudNames = ['commercial', 'gcc', 'gcchigh', 'dod'] as const satisfies readonly CloudName[]

/** [D] The closer hosts of the commercial cloud: https://learn.microsoft.com/defender-endpoint/api/exposed-apis-list */
export const regions = ['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'] as const
export type Region = (typeof regions)[number]

/** The API origin of a cloud; only the commercial one has regions. */
export function cloudApiUrl(cloud: CloudName, region?: Region): string {
  const { apiUrl } = clouds[cloud]
  return region === undefined || cloud !== 'commercial' ? apiUrl : apiUrl.replace('https://', `https://${region}.`)
}
