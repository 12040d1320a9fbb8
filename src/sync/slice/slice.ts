import type { DefenderClient } from '../../defender/index.ts'
import type { Policy } from '../../domain/index.ts'
import type { Outside } from '../../outside.ts'
import type { Source } from '../../sources/index.ts'
import type { KnownCatalogue, TenantStore } from '../../store/index.ts'
import type { Lease } from '../lease.ts'
import type { Calls } from './calls.ts'
import type { Caution } from './caution.ts'
import type { Journal } from './journal.ts'
import type { SnapshotRecord } from './snapshot-record.ts'
import type { StallRule } from './stalls.ts'
import type { StopRule } from './stop.ts'

/** What a slice goes by. */
export interface SliceSettings {
  /** Calls under way at once. */
  concurrency: number
  machineFilter: string | undefined
  machinePlatforms: readonly string[]
  /** By when what is missing has to be installed. */
  policy: Policy
}

/** The world that a slice works in; nothing in it is changed by replacing it. */
export interface SlicePorts {
  readonly settings: SliceSettings
  /** Asks the lease before every write. */
  readonly store: TenantStore
  /** What is known of KBs: decoration, which may fail. */
  readonly catalogue: Pick<KnownCatalogue, 'factsOf'>
  readonly defender: DefenderClient
  readonly source: Source
  readonly outside: Outside
  readonly lease: Lease
}

/** The part of a snapshot done in one go. */
export interface Slice {
  readonly ports: SlicePorts
  /** What the snapshot has come to: the only one that changes its row. */
  readonly record: SnapshotRecord
  /** Asks Defender. */
  readonly calls: Calls
  /** Writes settled machines down. */
  readonly journal: Journal
  readonly stop: StopRule
  readonly stalls: StallRule
  readonly caution: Caution
}

/** The snapshot and the present, as machines are settled in them. */
export const settledIn = ({ ports, record }: Slice) => ({ snapshotId: record.id, nowMs: ports.outside.clock.now() })
