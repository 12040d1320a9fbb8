import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { startAzurite } from '../azurite.ts'
import { build } from '../build.mjs'
import { startServer } from '../start-server.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Of the app, in every tenant. */
const CLIENT_ID = 'c11e47ab-1d00-4000-8000-0000000000aa'

export interface ServicesOptions {
  tenants: number
  machines: number
  /** Milliseconds before each answer of Defender. */
  latencyMs: number
  /** What Defender knows all the time. */
  now: number
}

/** All that an app of many tenants runs between, each in a process of its own, and the app itself, built as for Azure. */
export interface TenantServices {
  tenantIds: readonly string[]
  /** Settings of the app, for tables of a prefix. */
  environmentOf(prefix: string): Record<string, string>
  main: string
  tableConnection: string
  queueConnection: string
  certificate: string
  transactions(): Promise<number>
  close(): Promise<void>
}

export async function startTenantServices({ tenants, machines, latencyMs, now }: ServicesOptions): Promise<TenantServices> {
  const folder = mkdtempSync(join(tmpdir(), 'patchtrail-tenants-'))
  await build({ outdir: join(folder, 'dist') })
  copyFileSync(join(ROOT, 'host.json'), join(folder, 'host.json'))
  const tables = await startServer('dev/table-service/main.ts', [], z.object({ connectionString: z.string(), url: z.string() }))
  const azurite = await startAzurite({ queues: true })
  const simulatorArguments = ['--tenants', tenants, '--machines', machines, '--latency', latencyMs, '--now', now, '--quota', '"none"']
  const simulator = await startServer(
    'dev/simulator/tenants-main.ts',
    [...simulatorArguments, '--client-id', CLIENT_ID].map(String),
    simulated,
  )
  const { url, authorityUrl, certificate, environment, tenantIds } = simulator.said
  return {
    tenantIds,
    certificate,
    main: join(folder, 'dist', 'main.js'),
    tableConnection: tables.said.connectionString,
    queueConnection: azurite.connectionString,
    environmentOf: (prefix) => ({
      ...environment,
      DEFENDER_CLIENT_ID: CLIENT_ID,
      DEFENDER_API_URL: url,
      AZURE_AUTHORITY_HOST: authorityUrl,
      STORAGE_CONNECTION_STRING: tables.said.connectionString,
      AzureWebJobsStorage: azurite.connectionString,
      TABLE_PREFIX: prefix,
      SYNC_SCHEDULE: '0 0 0 1 1 *',
      SYNC_CALLS_PER_MINUTE: '1000000',
      SYNC_CALLS_PER_HOUR: '1000000',
    }),
    transactions: async () =>
      z.object({ transactions: z.number() }).parse(await (await fetch(new URL('/counts', tables.said.url))).json()).transactions,
    close: async () => {
      await Promise.all([tables.close(), azurite.close(), simulator.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

const simulated = z.object({
  url: z.string(),
  authorityUrl: z.string(),
  certificate: z.string(),
  environment: z.record(z.string(), z.string()),
  tenantIds: z.array(z.string()),
})
