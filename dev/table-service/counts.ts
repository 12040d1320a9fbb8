import type { Fault } from './behaviour.ts'
import type { Operation } from './operation.ts'
import type { WriteKind } from './write.ts'

/** Kinds of billed transactions; a batch of any size is one. */
export type TransactionKind = WriteKind | Exclude<Operation['kind'], 'write'>

type PerKind = Partial<Record<TransactionKind, number>>

const NOTHING = {
  /** All requests that came, refused ones too: the service bills them. */
  transactions: 0,
  kinds: {} as PerKind,
  /** By table name, as it was first written. */
  tables: {} as Record<string, PerKind>,
  /** By HTTP status; a refused transaction counts with the status inside its 202, a cut connection as `none`. */
  statuses: {} as Record<string, number>,
  rowsScanned: 0,
  rowsReturned: 0,
  rowsWritten: 0,
  /** Requests refused because a target was reached. */
  throttled: 0,
  faults: {} as Partial<Record<Fault, number>>,
}

export type Counts = typeof NOTHING

export class Counter {
  readonly #counts = structuredClone(NOTHING)

  transaction(kind: TransactionKind, table: string): void {
    this.#counts.transactions++
    addOne(this.#counts.kinds, kind)
    addOne((this.#counts.tables[table] ??= {}), kind)
  }

  status(status: number | 'none'): void {
    addOne(this.#counts.statuses, String(status))
  }

  fault(fault: Fault): void {
    addOne(this.#counts.faults, fault)
  }

  throttled(): void {
    this.#counts.throttled++
  }

  rows(rows: { scanned?: number; returned?: number; written?: number }): void {
    this.#counts.rowsScanned += rows.scanned ?? 0
    this.#counts.rowsReturned += rows.returned ?? 0
    this.#counts.rowsWritten += rows.written ?? 0
  }

  /** A copy: it does not move on. Differences of two show what something cost. */
  read(): Counts {
    return structuredClone(this.#counts)
  }
}

function addOne<K extends string>(counts: Partial<Record<K, number>>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1
}
