import { DEFENDER_POLICY, type Fault } from '../../defender/index.ts'
import { atOf, endStatus, type ExportDoubt, type PhaseName, type Snapshot } from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'
import type { Tally } from '../phases/tally.ts'

/** What a snapshot's row counts of the work itself, up to now: the slices before, and this one. */
export type RunningCounters = Pick<Snapshot, 'slices' | 'calls' | 'throttled' | 'retries' | 'activeMilliseconds' | 'skippedStarts'>

/** What the totals count. */
export type CountedTotals = Pick<
  Snapshot,
  | 'listed'
  | 'wanted'
  | 'observed'
  | 'silent'
  | 'unknown'
  | 'skipped'
  | 'removed'
  | 'missingPairs'
  | 'missingMachines'
  | 'missingKbs'
  | 'over30'
  | 'appeared'
  | 'resolved'
  | 'changedBuckets'
>

/** The running record of a snapshot, and the only one that changes its row: written at each phase's end and at the slice's. */
export class SnapshotRecord {
  #snapshot: Snapshot
  readonly #snapshots: TenantStore['snapshots']
  readonly #running: () => RunningCounters

  constructor(snapshot: Snapshot, snapshots: TenantStore['snapshots'], running: () => RunningCounters) {
    this.#snapshot = { ...snapshot, status: snapshot.status === 'pending' ? 'running' : snapshot.status }
    this.#snapshots = snapshots
    this.#running = running
  }

  get snapshot(): Readonly<Snapshot> {
    return this.#snapshot
  }

  get id(): string {
    return this.#snapshot.snapshotId
  }

  /** A page of the listing: `rows` as received, and of its machines those that are new, and wanted. */
  listed({ rows, machines, wanted }: { rows: number; machines: number; wanted: number }): void {
    const { listingSkip, listed, wanted: wantedBefore } = this.#snapshot
    this.#change({ listingSkip: listingSkip + rows, listingEnds: 0, listed: listed + machines, wanted: wantedBefore + wanted })
  }

  /** A page of the listing was empty. */
  listingEnded(): void {
    this.#change({ listingEnds: this.#snapshot.listingEnds + 1 })
  }

  listingCompleted(): void {
    this.#change({ listingComplete: true, errorCode: null, errorDetail: null })
  }

  listingFailed({ code, detail }: Fault): void {
    const { listingFailures } = this.#snapshot
    const errorDetail = `the machine list could not be read to its end: ${detail}`
    this.#change({ listingFailures: listingFailures + 1, errorCode: code, errorDetail })
  }

  listingStartsOver(): void {
    this.#change({ listingSkip: 0, listingEnds: 0, listed: 0, wanted: 0 })
  }

  /** Machines came to their end, up to a cursor. */
  settled(tally: Readonly<Tally>, cursor: string | null): void {
    const counted = Object.entries(tally).map(([name, count]) => [name, this.#snapshot[name as keyof Tally] + count] as const)
    this.#change({ ...Object.fromEntries(counted), cursor })
  }

  /** Defender refused to speak of a machine. */
  refused(machineId: string): void {
    const { refusedMachineIds } = this.#snapshot
    const isKept = refusedMachineIds.includes(machineId) || refusedMachineIds.length >= DEFENDER_POLICY.refusedWithoutWitness
    if (!isKept) this.#change({ refusedMachineIds: [...refusedMachineIds, machineId] })
  }

  /** Another machine was answered meanwhile: those refused so far say nothing of the app. */
  refusalsWereMachines(): void {
    this.#change({ refusedMachineIds: [] })
  }

  /** Defender gave an export, which it made at that instant. */
  exportGiven(sourceTime: string): void {
    this.#change({ sourceTime })
  }

  /** Not all of an export is believed: the first reason stands. */
  doubted({ code, detail }: ExportDoubt): void {
    if (this.#snapshot.errorCode === null) this.#change({ errorCode: code, errorDetail: detail })
  }

  counted(totals: CountedTotals): void {
    this.#change(totals)
  }

  /** How it will have ended, and what it took. */
  get outlook(): Pick<Snapshot, 'status' | 'source' | 'calls' | 'throttled'> {
    const { calls, throttled } = this.#running()
    return { status: endStatus(this.#snapshot), source: this.#snapshot.source, calls, throttled }
  }

  /** Defender refuses the app: what was observed stays, and the snapshot ends as failed. */
  failed({ code, detail }: Fault): void {
    this.#change({ status: 'failed', errorCode: code, errorDetail: detail })
  }

  enter(phase: PhaseName, nowMs: number): void {
    this.#change({ phase, cursor: null, stalledSlices: 0 })
    if (phase === 'ended') this.#change({ status: endStatus(this.#snapshot), finishedAt: atOf(nowMs) })
  }

  stalled(stalledSlices: number): void {
    this.#change({ stalledSlices })
  }

  async write(): Promise<void> {
    this.#change(this.#running())
    await this.#snapshots.write(this.#snapshot)
  }

  #change(values: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...values }
  }
}
