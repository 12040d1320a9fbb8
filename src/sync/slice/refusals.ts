import { DEFENDER_POLICY, type Fault } from '../../defender/index.ts'
import type { Machine } from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'
import type { SnapshotRecord } from './snapshot-record.ts'

/** Asks about another machine: whether that is refused as well. Undefined where it came to neither. */
export type IsRefused = (machineId: string) => Promise<boolean | undefined>

/**
 * Whom a 401 or 403 is about. One that names a missing role before any machine has answered is the app's. Otherwise it is its machine's,
 * until several different machines were refused: then one that has answered is the witness, and the app is refused only if it is, too.
 */
export class Refusals {
  readonly #record: SnapshotRecord
  readonly #findWitness: () => Promise<string | undefined>
  #lastAnswered: string | undefined
  /** One question to the witness at a time: machines are refused side by side. */
  #verdict: Promise<boolean | undefined> | undefined

  constructor(record: SnapshotRecord, findWitness: () => Promise<string | undefined>) {
    this.#record = record
    this.#findWitness = findWitness
  }

  noteAnswered(machineId: string): void {
    this.#lastAnswered = machineId
  }

  async judge(fault: Fault, machineId: string, isRefused: IsRefused): Promise<'app' | 'machine'> {
    if (fault.namesRole && !this.#hasAnswered) return 'app'
    this.#record.refused(machineId)
    if (this.#refusedMachines < this.#ofFleet(DEFENDER_POLICY.refusedMachines)) return 'machine'
    const isWitnessRefused = await (this.#verdict ??= this.#askWitness(isRefused))
    this.#verdict = undefined
    if (isWitnessRefused === false) this.#record.refusalsWereMachines()
    return isWitnessRefused ? 'app' : 'machine'
  }

  get #hasAnswered(): boolean {
    return this.#lastAnswered !== undefined || this.#record.snapshot.observed > 0
  }

  get #refusedMachines(): number {
    return this.#record.snapshot.refusedMachineIds.length
  }

  /** A small fleet has to tell with what machines it has. */
  #ofFleet = (machines: number): number => Math.max(1, Math.min(machines, this.#record.snapshot.wanted))

  /** Where no machine ever answered there is nobody to ask: many that are refused, and not one that is answered, have to do. */
  async #askWitness(isRefused: IsRefused): Promise<boolean | undefined> {
    const witness = this.#lastAnswered ?? (await this.#findWitness())
    if (witness !== undefined) return isRefused(witness)
    return this.#refusedMachines >= this.#ofFleet(DEFENDER_POLICY.refusedWithoutWitness) || undefined
  }
}

/** A machine that was observed in this snapshot, else in the last one, else at all: in id order, as machines are asked. */
export async function findWitness(
  machines: TenantStore['machines'],
  snapshotId: string,
  lastEndedSnapshotId: string | null,
): Promise<string | undefined> {
  let best: { machineId: string; rank: number } | undefined
  for await (const page of machines.pages()) {
    for (const machine of page) {
      const rank = rankOf(machine, snapshotId, lastEndedSnapshotId)
      if (rank > (best?.rank ?? 0)) best = { machineId: machine.machineId, rank }
    }
    if (best) break
  }
  return best?.machineId
}

function rankOf({ lastObservedSnapshotId, state }: Machine, snapshotId: string, lastEndedSnapshotId: string | null): number {
  if (lastObservedSnapshotId === null || state === 'removed') return 0
  if (lastObservedSnapshotId === snapshotId) return 3
  return lastObservedSnapshotId === lastEndedSnapshotId ? 2 : 1
}
