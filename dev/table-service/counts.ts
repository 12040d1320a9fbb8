import type { Fault } from './behaviour.ts'

/** Kinds of billed transactions; a batch of any size is one. */
export type TransactionKind =
  | 'batch'
  | 'insert'
  | 'update'
  | 'merge'
  | 'insertOrReplace'
  | 'insertOrMerge'
  | 'delete'
  | 'get'
  | 'query'
  | 'createTable'
  | 'deleteTable'
  | 'listTables'

type PerKind = Partial<Record<TransactionKind, number>>

export interface Counts {
  /** All requests that came, refused ones too: the service bills them. */
  transactions: number
  kinds: PerKind
  /** By table name, as it was first written. */
  tables: Record<string, PerKind>
  /** By HTTP status; a refused transaction counts with the status inside its 202, a cut connection as `none`. */
  statuses: Record<string, number>
  rowsScanned: number
  rowsReturned: number
  rowsWritten: number
  /** Requests refused because a target was reached. */
  throttled: number
  faults: Partial<Record<Fault, number>>
}

export class Counter {
  readonly #counts: Counts = {
    transactions: 0,
    kinds: {},
    tables: {},
    statuses: {},
    rowsScanned: 0,
    rowsReturned: 0,
    rowsWritten: 0,
    throttled: 0,
    faults: {},
  }

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
