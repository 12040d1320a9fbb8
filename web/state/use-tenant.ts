import { useEffect, useState } from 'preact/hooks'
import type { Tenant } from '../data/tenants.ts'
import type { Whom } from '../data/whom.ts'
import type { Page } from './page.ts'

/** Whom the page is about, by the tenant that the address names, or by how many the app reads. Undefined until it is known. */
export function useTenant(ask: Page['ask'], tenantId: string | undefined): Whom | undefined {
  const [whom, setWhom] = useState<Whom>()
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const asking =
      tenantId === undefined
        ? ask<'tenants'>({ path: 'tenants?limit=2', has: ['tenants'] }, signal).then((asked) =>
            asked.kind === 'ok' ? whomOf(asked.json.tenants) : undefined,
          )
        : ask<'tenant'>({ path: `tenants/${encodeURIComponent(tenantId)}`, has: ['tenantId'] }, signal).then((asked) =>
            asked.kind === 'ok' ? whomOf([asked.json]) : undefined,
          )
    asking.then(setWhom, () => undefined)
    return () => controller.abort()
  }, [ask, tenantId])
  return whom
}

function whomOf(tenants: readonly Tenant[]): Whom {
  const [first] = tenants
  return tenants.length === 1 && first ? { kind: 'one', tenantId: first.tenantId, name: first.name ?? first.tenantId } : { kind: 'many' }
}
