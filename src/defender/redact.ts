const LONGEST_DETAIL = 500

/**
 * One line of at most 500 characters of a foreign text, for people: without the given secrets, which a proxy may well echo,
 * and without anything that looks like a token or a signature.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const without = secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '[token]'), text)
  const line = without
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[token]')
    .replace(/\b(bearer\s+)\S+/gi, '$1[token]')
    .replace(/\b((?:client_secret|client_assertion|sig|x-identity-header)\s*[=:]\s*)[^\s&"',;]+/gi, '$1[secret]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const whole = line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`
  // It is stored, and no storage takes a half of a surrogate pair, whether it came as one or was cut here.
  return whole.replaceAll(/\p{Cs}/gu, '\uFFFD')
}
