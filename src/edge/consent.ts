/**
 * Where an administrator of a tenant lets the app in, with all permissions of its registration. Entra goes on to the registration's own
 * redirect address afterwards. https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export const consentUrl = (authorityUrl: string, tenantId: string, clientId: string): string =>
  `${authorityUrl}/${tenantId}/adminconsent?client_id=${clientId}`

/**
 * What a refusal asks for, by the numbers in its text. They are for people alone: nothing is decided by them.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const ADVICE: readonly { says: RegExp; advice: (consent: string) => string }[] = [
  {
    says: /AADSTS(700016|7000229|65001)\b|\.Read(Write)?\.All\b/,
    advice: (consent) => `An administrator of the tenant lets the app in, with all it needs, at ${consent} .`,
  },
  {
    says: /AADSTS7000112\b/,
    advice: () => 'The app is switched off in the tenant: its administrator lets people sign in to it again, in Enterprise applications.',
  },
  { says: /AADSTS500011\b/, advice: () => 'The tenant needs Defender for Endpoint.' },
  { says: /AADSTS(90002|900023|5000224)\b/, advice: () => 'No such tenant is there any more: look at its id, or delete it here.' },
  { says: /AADSTS53003\b/, advice: () => 'A Conditional Access policy of the tenant keeps the app out.' },
]

/** The platform's own text, and what to do about it. */
export function withAdvice(text: string, consent: string | undefined): string {
  if (consent === undefined) return text
  const found = ADVICE.find(({ says }) => says.test(text))
  return found ? `${text} ${found.advice(consent)}` : text
}
