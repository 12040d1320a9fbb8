/** Whom the page is about: one tenant, or none yet where the app reads many and nobody has chosen. */
export type Whom = { kind: 'one'; tenantId: string; name: string } | { kind: 'many' }
