import type { Config } from '../config/index.ts'
import type { Proxies } from '../defender/index.ts'
import type { Outside } from '../outside.ts'
import type { Store } from '../store/index.ts'
import type { Claim } from './claim.ts'
import type { SourceFault, Way } from './read-json.ts'

/** What the catalogue is refreshed with: its own part of what the program works with. */
export type CatalogueServices = {
  store: Store
  config: Pick<Config, 'catalogue'>
  proxies: Proxies
  outside: Pick<Outside, 'clock' | 'log'>
} & ({ kind: 'one'; tenantId: string } | { kind: 'many' })

/** One run, which holds the claim. */
export interface RefreshRun {
  services: CatalogueServices
  claim: Claim
  way: Way
  nowMs: () => number
  startedMs: number
}

/** Logs that a source gave no answer, and when it is asked again. */
export function tellFault({ services }: RefreshRun, source: string, fault: SourceFault, failures: number, retryMs: number): void {
  const retryAt = new Date(retryMs).toISOString()
  services.outside.log.warn('catalogue.fault', { source, code: fault.code, detail: fault.detail, failures, retryAt })
}
