import { onTestFinished } from 'vitest'
import { type SimulatedCatalogue, type SimulatedDocuments, startCatalogue } from '../../dev/catalogue/index.ts'
import { simulatedClock, type SimulatedClock } from '../../dev/simulated-clock.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { refreshCatalogue } from '../../src/catalogue/index.ts'
import type { RefreshResult } from '../../src/catalogue/refresh.ts'
import type { CatalogueServices } from '../../src/catalogue/refresh-run.ts'
import { NO_PROXIES } from '../../src/defender/proxies.ts'
import { type KbFacts, UNDESCRIBED_KB } from '../../src/domain/index.ts'
import { openStore } from '../../src/store/index.ts'
import type { Mortal } from './mortal.ts'
import { STORE_OPTIONS } from './stores.ts'
import { TENANT } from './store-rows.ts'
import { freshName, openClient } from './table-services.ts'
import { type LogLine, recorder } from './world.ts'

/** A Wednesday after a Patch Tuesday, at the hour of refreshing. */
export const CATALOGUE_NOW = Date.parse('2026-04-15T04:07:00Z')

/** Of real time: what hangs is waited for no longer. */
const WAY = { answerMs: 3_000, idleMs: 300 }

export interface CatalogueWorld {
  clock: SimulatedClock
  sources: SimulatedCatalogue
  services: CatalogueServices
  connectionString: string
  log: LogLine[]
  /** One run, as the timer has it; another process where it is mortal. */
  refresh(mortal?: Mortal): Promise<RefreshResult>
  /** Runs an hour at a time until one has nothing left; how many did something. */
  settle(): Promise<number>
  /** A KB of the tenant, seen missing by so many machines. */
  addKbs(kbs: readonly { kbId: string; month: string; machinesMissing?: number }[]): Promise<void>
  facts(kbId: string): Promise<KbFacts | undefined>
  /** Requests that the tables took so far. */
  transactions(): number
  /** Tables of its own, on the same sources. */
  over(prefix: string, clock: SimulatedClock): CatalogueWorld
}

export interface CatalogueWorldOptions {
  documents?: SimulatedDocuments
  now?: number
}

export async function startCatalogueWorld(options: CatalogueWorldOptions = {}): Promise<CatalogueWorld> {
  const clock = simulatedClock(options.now ?? CATALOGUE_NOW)
  const time = { of: clock }
  const sources = await startCatalogue({ now: () => time.of.now(), ...(options.documents && { documents: options.documents }) })
  onTestFinished(() => sources.close())
  const tables = await startTableService()
  onTestFinished(() => tables.close())
  return worldOver({ sources, tables, time }, freshName('c').slice(0, 20), clock)
}

interface Shared {
  sources: SimulatedCatalogue
  tables: RunningTableService
  /** The sources are asked at the time of whoever runs. */
  time: { of: SimulatedClock }
}

function worldOver(shared: Shared, prefix: string, clock: SimulatedClock): CatalogueWorld {
  const { sources, tables, time } = shared
  const { connectionString } = tables
  const log: LogLine[] = []
  const open = (mortal?: Mortal) =>
    openStore((name) => {
      const client = openClient(connectionString, name, STORE_OPTIONS)
      return mortal ? mortal.table(client) : client
    }, prefix)
  const { CATALOGUE_MSRC_URL: msrcUrl, CATALOGUE_KEV_URL: kevUrl } = sources.environment
  const services: CatalogueServices = {
    ...{ kind: 'one', tenantId: TENANT, store: open(), proxies: NO_PROXIES },
    config: { catalogue: { isOn: true, msrcUrl, kevUrl } },
    outside: { clock, log: recorder(log) },
  }
  const refresh = (mortal?: Mortal) => {
    time.of = clock
    return refreshCatalogue(mortal ? { ...services, store: open(mortal) } : services, WAY)
  }
  return {
    ...{ clock, sources, services, connectionString, log, refresh },
    async settle() {
      for (let runs = 0; ; clock.advance(3_600_000)) {
        const result = await refresh()
        if (result.kind === 'waiting') return runs
        if (++runs > 200) throw new Error('there is no end of it')
        if (result.kind === 'refreshed' && result.waiting === 0 && result.failed === 0) return runs
      }
    },
    addKbs: (kbs) =>
      services.store.of(TENANT).kbs.write(
        kbs.map(({ kbId, month, machinesMissing = 1 }) => ({
          ...{ ...UNDESCRIBED_KB, kbId, cohort: month, machinesMissing, firstSeenSnapshotId: '20260301T020000Z' },
        })),
      ),
    facts: async (kbId) => (await services.store.catalogue.getMany([kbId])).get(kbId),
    transactions: () => tables.counts().transactions,
    over: (other, itsClock) => worldOver(shared, other, itsClock),
  }
}
