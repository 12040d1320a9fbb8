const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A Microsoft Entra tenant id in lower case, as it stands in keys; undefined for a text that is no GUID. */
export function readTenantId(text: string): string | undefined {
  return GUID.test(text) ? text.toLowerCase() : undefined
}
