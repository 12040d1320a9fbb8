import { ageBucketOf } from './age.ts'
import type { Change } from './change.ts'
import type { Deadline } from './deadline.ts'
import { type DeadlineCounts, noDeadlines, withDeadlines } from './deadline-counts.ts'
import { daysMissing } from './days-missing.ts'
import { type Ending, endingOf, ENDINGS } from './ending.ts'
import { type Exposure, exposureOf } from './exposure.ts'
import { countExposures, type ExposureKey } from './exposure-counts.ts'
import type { MachineState } from './machine.ts'
import { isAppeared, isResolved } from './kb-sums.ts'
import type { AppearedReason } from './reasons.ts'
import { isSnapshotId } from './snapshot-id.ts'
import { type Flows, mergeTakenOver, NO_FLOWS, NO_STANDINGS, type Standings, type TakenOver } from './trend.ts'

/** A machine at a snapshot's end. */
export interface CountedMachine {
  /** How it counts in the snapshot; undefined where it does not belong to it. */
  stands: MachineState | undefined
  isAssessed: boolean
  /** One for each KB that it misses. */
  exposures: readonly Exposure[]
  /** Their deadlines, and by which policy; left out where they are not judged. */
  judged?: { policy: string; deadlines: readonly Deadline[] }
}

export type CountedChange = Pick<
  Change,
  'change' | 'reason' | 'appearedSnapshotId' | 'exposedSince' | 'exposedAtLeast' | 'stillExposed' | 'takenOver'
>

type Counts = Map<ExposureKey, number>

/** Counts what machines stand at when a snapshot ends, and what came to pass in it: those of a tenant, or of one group. */
export class TrendCounter {
  readonly #snapshotId: string
  readonly #machines: { machines: number; observed: number; silent: number | null; unknown: number }
  readonly #pairs: number[]
  readonly #pairsAtLeast: number[]
  readonly #machinesByAge: number[]
  readonly #exposed: Counts
  #deadlines: DeadlineCounts | null
  readonly #appeared: Record<AppearedReason, number>
  readonly #ended: Record<Ending, Counts>
  readonly #installedAtLeast: Counts
  readonly #takenOver: TakenOver[]
  /** Of the last beginnings, their days: most machines share a few. */
  readonly #days = new Map<string, number>()

  /** `from`: what was counted before. */
  constructor(snapshotId: string, from: Standings & Flows = { ...NO_STANDINGS, ...NO_FLOWS }) {
    this.#snapshotId = snapshotId
    const { machines, observed, silent, unknown } = from
    this.#machines = { machines, observed, silent, unknown }
    this.#pairs = [...from.pairs]
    this.#pairsAtLeast = [...from.pairsAtLeast]
    this.#machinesByAge = [...from.machinesByAge]
    this.#exposed = new Map(from.exposed)
    this.#deadlines = from.deadlines
    this.#appeared = { ...from.appeared }
    this.#ended = Object.fromEntries(ENDINGS.map((ending) => [ending, new Map(from.ended[ending])])) as Record<Ending, Counts>
    this.#installedAtLeast = new Map(from.installedAtLeast)
    this.#takenOver = [...from.takenOver]
  }

  addMachine({ stands, isAssessed, exposures, judged }: CountedMachine): void {
    if (judged) this.#deadlines = withDeadlines(this.#deadlines ?? noDeadlines(judged.policy), judged.deadlines, this.#snapshotId)
    if (stands === 'observed' || stands === 'unknown') {
      this.#machines.machines++
      this.#machines[stands]++
      if (stands === 'observed' && !isAssessed) this.#machines.silent = (this.#machines.silent ?? 0) + 1
    }
    let oldest = -1
    for (const { exposedSince: since, exposedAtLeast } of exposures) {
      const exposedSince = this.#beginning(since)
      const days = this.#daysSince(exposedSince)
      oldest = Math.max(oldest, days)
      add(this.#pairs, ageBucketOf(days))
      if (exposedAtLeast) add(this.#pairsAtLeast, ageBucketOf(days))
      countExposures(this.#exposed, { exposedSince, days, count: 1 })
    }
    if (oldest >= 0) add(this.#machinesByAge, ageBucketOf(oldest))
  }

  addChange(change: CountedChange): void {
    this.#takenOver.push(...change.takenOver)
    if (isAppeared(change)) this.#appeared[change.reason]++
    if (!isResolved(change)) return
    const { reason, stillExposed } = change
    const { exposedSince: since, exposedAtLeast } = exposureOf(change)
    const exposedSince = this.#beginning(since)
    const exposure = { exposedSince, days: this.#daysSince(exposedSince), count: 1 }
    countExposures(this.#ended[endingOf(reason, stillExposed)], exposure)
    if (reason === 'installed' && exposedAtLeast) countExposures(this.#installedAtLeast, exposure)
  }

  get standings(): Standings {
    return {
      ...this.#machines,
      pairs: [...this.#pairs],
      pairsAtLeast: [...this.#pairsAtLeast],
      machinesByAge: [...this.#machinesByAge],
      exposed: new Map(this.#exposed),
      deadlines: this.#deadlines,
    }
  }

  get flows(): Flows {
    return {
      appeared: { ...this.#appeared },
      ended: { ...this.#ended },
      installedAtLeast: this.#installedAtLeast,
      takenOver: mergeTakenOver(this.#takenOver),
    }
  }

  /** What is no snapshot, somebody else wrote: nothing is known of before. */
  #beginning(exposedSince: string): string {
    return this.#days.has(exposedSince) || isSnapshotId(exposedSince) ? exposedSince : this.#snapshotId
  }

  #daysSince(exposedSince: string): number {
    const known = this.#days.get(exposedSince)
    if (known !== undefined) return known
    const days = daysMissing(exposedSince, this.#snapshotId)
    this.#days.set(exposedSince, days)
    return days
  }
}

function add(counts: number[], bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1
}
