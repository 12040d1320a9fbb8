/** Why a snapshot failed, as its `error` in the API. */
export interface Refusal {
  code: string
  detail: string
}

interface Advice {
  when: (refusal: Refusal) => boolean
  lines: (tenantId: string) => string[]
}

/** From the most particular to the most general; texts as reported of Defender and Microsoft Entra. The first that fits is given. */
const advices: readonly Advice[] = [
  {
    // https://learn.microsoft.com/defender-vulnerability-management/defender-vulnerability-management-capabilities
    when: ({ detail }) => /tvm license|AADSTS500011|not provisioned|account mode is inactive/i.test(detail),
    lines: () => [
      'The tenant has no licence for this data, or Defender for Endpoint was never set up in it.',
      'It takes Defender for Endpoint Plan 2, Defender for Servers, or Defender Vulnerability Management.',
    ],
  },
  {
    when: ({ detail }) => /AADSTS(90002|500021|50020|50034)/.test(detail),
    lines: (tenantId) => [
      `There is no tenant ${tenantId}, or your account is not known in it.`,
      `Check the id, then sign in with an account of that tenant:  az login --tenant ${tenantId}`,
    ],
  },
  {
    when: ({ code, detail }) => code === 'credentialUnavailable' || /AADSTS/.test(detail),
    lines: (tenantId) => [
      'You are not signed in, or the sign-in has expired.',
      `Sign in with Azure CLI:  az login --tenant ${tenantId} --allow-no-subscriptions`,
      'Or use an app: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
    ],
  },
  {
    // https://learn.microsoft.com/defender-endpoint/api/exposed-apis-create-app-webapp
    when: ({ code, detail }) => /403|forbidden/i.test(code) || /missing application roles|missing .*(role|scope|permission)/i.test(detail),
    lines: () => [
      'Defender knows you, and refuses: a role is missing.',
      'An account needs to see devices and vulnerabilities in Defender, as Security Reader does.',
      'An app needs Machine.Read.All and Software.Read.All of WindowsDefenderATP, with admin consent.',
      'New rights can take some minutes; then sign in again, as tokens keep the old ones for an hour.',
    ],
  },
  {
    when: ({ code }) => /401|unauthorized/i.test(code),
    lines: (tenantId) => [
      'Defender does not accept the token.',
      `Sign in again:  az login --tenant ${tenantId} --allow-no-subscriptions`,
      'If that changes nothing, the tenant may lack the licence, or DEFENDER_CLOUD may name another cloud.',
    ],
  },
]

/** What to tell the person whose snapshot failed, and what to do about it; Defender's own words are always among it. */
export function explainRefusal(refusal: Refusal, tenantId: string): string[] {
  const advice = advices.find(({ when }) => when(refusal))
  return [`The snapshot failed (${refusal.code}): ${refusal.detail}`, ...(advice ? ['', ...advice.lines(tenantId)] : [])]
}
