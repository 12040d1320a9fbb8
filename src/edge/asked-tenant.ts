import { readTenantId } from '../domain/index.ts'
import { openAskedTenant, type OpenTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import type { TextReader } from '../read-text.ts'
import { unknownTenant } from './refusal.ts'

/** Reads the parameter `tenantId`, which may be given everywhere. */
export const tenantIdReader: TextReader<string> = { expected: 'a GUID', read: readTenantId }

/** Opens the tenant that a caller asked for; the one that the app reads where none was named. Refuses any other. */
export function requireAskedTenant(services: Services, asked: string | undefined): OpenTenant {
  const opened = openAskedTenant(services, asked)
  if (!opened) throw unknownTenant()
  return opened
}
