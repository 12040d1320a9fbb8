import { readTenantId } from '../domain/index.ts'
import type { TextReader } from '../read-text.ts'

/** Reads the parameter `tenantId`, which may be given everywhere. */
export const tenantIdReader: TextReader<string> = { expected: 'a GUID', read: readTenantId }
