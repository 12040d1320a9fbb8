import { readTenantId } from '../domain/index.ts'
import { openAskedTenant, type OpenTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import type { TextReader } from '../read-text.ts'
import { missingTenant, unknownTenant } from './refusal.ts'

/** Reads the parameter `tenantId`, which may be given everywhere. */
export const tenantIdReader: TextReader<string> = { expected: 'a GUID', read: readTenantId }

/** Opens the tenant that a caller asked for; the one that the app reads where none was named. Refuses any other, and none where there are many. */
export async function requireAskedTenant(services: Services, asked: string | undefined): Promise<OpenTenant> {
  if (services.kind === 'many' && asked === undefined) throw missingTenant()
  const opened = await openAskedTenant(services, asked)
  if (!opened) throw unknownTenant()
  return opened
}

/** What is about the app, with all its tenants. A caller who names a tenant all the same is told where an app of one has another. */
export async function requireApp(services: Services, asked: string | undefined): Promise<Services> {
  if (services.kind === 'one' && asked !== undefined && asked !== services.tenantId) throw unknownTenant()
  return services
}
