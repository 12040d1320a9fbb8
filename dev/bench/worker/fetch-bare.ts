import { Pool } from 'undici'
import { createCredential } from '../../../src/defender/index.ts'
import type { Answer, Asked } from './job.ts'
import { openServices } from './services.ts'

/** The least that asking all machines can take: no parsing, no store, no retries. */
export async function fetchBare({ machineIds, concurrency }: Asked<'fetchBare'>): Promise<Answer<'fetchBare'>> {
  const { apiUrl, scope, tenantId, authorityUrl } = openServices().config.defender
  const token = await createCredential({ tenantId, authorityUrl }).getToken(scope)
  const headers = { authorization: `Bearer ${token?.token ?? ''}` }
  const pool = new Pool(apiUrl, { connections: concurrency, pipelining: 1 })
  const ids = machineIds.values()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const machineId of ids) {
        const { statusCode, body } = await pool.request({ method: 'GET', path: `/api/machines/${machineId}/getmissingkbs`, headers })
        await body.dump({ limit: Infinity })
        if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
      }
    }),
  )
  const milliseconds = performance.now() - startedAt
  await pool.close()
  return { milliseconds }
}
