/** A claim of somebody who signed in. */
export interface Claim {
  typ: string
  val: string
}

/** What the header of App Service authentication holds: base64 of JSON. */
export function principalHeader(claims: readonly Claim[], more: object = {}): string {
  const principal = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims, ...more }
  return Buffer.from(JSON.stringify(principal)).toString('base64')
}

/** Somebody of a tenant, with app roles. */
export const signedIn = (tenantId: string, ...roles: string[]): Record<string, string> => ({
  'x-ms-client-principal': principalHeader([
    { typ: 'tid', val: tenantId },
    { typ: 'preferred_username', val: 'ann@contoso.example' },
    ...roles.map((val) => ({ typ: 'roles', val })),
  ]),
})
