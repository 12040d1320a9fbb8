import { odata } from '@azure/data-tables'
import { batchesBeside, type EncodedRow } from './batch.ts'
import { decodeValues, encodeValues, optionalInteger, optionalText, text, textList, type Values } from './columns.ts'
import { type KeySpan, type Place, type SpanPage, toSpanPage } from './key-span.ts'
import { keyPart, keyRange, keys, STATE_ROW } from './keys.ts'
import { StoreError } from './store-error.ts'
import type { Guard, StoredRow, Table } from './table.ts'

export const APPEARED_REASONS = ['baseline', 'machineAdded', 'reopened', 'new'] as const
export const RESOLVED_REASONS = ['removed', 'excluded', 'silent', 'superseded', 'reassessed', 'installed'] as const
export type AppearedReason = (typeof APPEARED_REASONS)[number]
export type ResolvedReason = (typeof RESOLVED_REASONS)[number]

const intervalColumns = {
  kbId: text,
  kbName: optionalText,
  productsNames: textList,
  url: optionalText,
  cveAddressed: optionalInteger,
  appearedSnapshotId: text,
  appearedReason: text,
  appearedObservedAt: text,
  /** '' while the interval is open. */
  resolvedSnapshotId: text,
  resolvedReason: text,
  resolvedObservedAt: text,
  /** The last snapshot that still saw the KB missing; '' while open. */
  lastMissingSnapshotId: text,
  replacedBy: textList,
}

/** One stretch in which a machine misses a KB. */
export type Interval = Omit<Values<typeof intervalColumns>, 'appearedReason' | 'resolvedReason'> & {
  appearedReason: AppearedReason
  resolvedReason: ResolvedReason | ''
}

export type IntervalColumn = keyof typeof intervalColumns
export type MachineInterval = Interval & { machineId: string }

export const isOpen = (interval: Pick<Interval, 'resolvedSnapshotId'>) => interval.resolvedSnapshotId === ''

const stateColumns = {
  /** The last snapshot that changed this machine's intervals. */
  snapshotId: text,
  /** What ended in that snapshot: `observed`, `removed` or `excluded`. */
  outcome: text,
  observedAt: text,
  /** The next transition, as JSON in pieces, while its rows take more than one transaction. */
  pending0: text,
  pending1: text,
  pending2: text,
  pending3: text,
  pending4: text,
  pending5: text,
  pending6: text,
  pending7: text,
  pending8: text,
  pending9: text,
  pending10: text,
  pending11: text,
  pending12: text,
  pending13: text,
  pending14: text,
  pending15: text,
}
/** 16 of them are 960 KB of the MiB that a row may have. */
const PENDING = [
  'pending0',
  'pending1',
  'pending2',
  'pending3',
  'pending4',
  'pending5',
  'pending6',
  'pending7',
  'pending8',
  'pending9',
  'pending10',
  'pending11',
  'pending12',
  'pending13',
  'pending14',
  'pending15',
] as const
/** A string property holds 32K characters; see machines-table. */
const PENDING_CHARACTERS = 30_000
/** The longest input that is kept while its rows are written; `largestAnswerCharacters` of `DEFENDER_POLICY` stays below it. */
export const LONGEST_PENDING_CHARACTERS = PENDING.length * PENDING_CHARACTERS

export type TransitionOutcome = 'observed' | 'removed' | 'excluded'

/** A machine's state row. `pending` is set while a transition of more rows than one transaction holds is being written. */
export interface MachineStateRow {
  snapshotId: string
  outcome: TransitionOutcome
  observedAt: string
  pending: string
  etag: string
}

export interface MachinePartition {
  state: MachineStateRow | undefined
  intervals: Interval[]
}

/** What one snapshot does to one machine's intervals. */
export interface Transition {
  snapshotId: string
  outcome: TransitionOutcome
  observedAt: string
  changed: readonly Interval[]
  /** The input that leads to this transition, for resuming it when it takes more than one transaction. */
  resumeFrom: string
}

/** Intervals and one state row of every machine: the source of truth. */
export class MissingKbsTable {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** All intervals of a machine, open and closed, and its state row. */
  async read(tenantId: string, machineId: string): Promise<MachinePartition> {
    const partition: MachinePartition = { state: undefined, intervals: [] }
    const filter = odata`PartitionKey eq ${keys.missingKbs(tenantId, machineId)}`
    for await (const stored of this.#table.rows({ filter })) {
      if (stored.rowKey === STATE_ROW) partition.state = decodeState(stored)
      else partition.intervals.push(decodeInterval(stored))
    }
    return partition
  }

  /** The intervals of one machine and KB, oldest first. */
  async intervalsOf(tenantId: string, machineId: string, kbId: string): Promise<Interval[]> {
    const { from, to } = keyRange(keyPart(kbId))
    const filter = odata`PartitionKey eq ${keys.missingKbs(tenantId, machineId)} and RowKey ge ${from} and RowKey lt ${to}`
    const intervals: Interval[] = []
    for await (const stored of this.#table.rows({ filter })) intervals.push(decodeInterval(stored))
    return intervals
  }

  /**
   * The intervals of many machines in key order: from a place up to another one, exclusive. A place's partition is a machine id, or the
   * beginning of one. With `select`, only those properties are what they should be.
   */
  async *span(tenantId: string, { from, to }: KeySpan, select?: readonly IntervalColumn[]): AsyncGenerator<SpanPage<MachineInterval>> {
    const keyOf = (place: Place): Place => ({ ...place, partition: keys.missingKbs(tenantId, place.partition) })
    const machineIdOf = (key: string) => key.slice(tenantId.length + 1)
    const span = { from: keyOf(from), to: keyOf(to) }
    const query = select ? { select: ['PartitionKey', 'RowKey', ...select] } : {}
    for await (const page of this.#table.spanPages(span, query)) {
      yield toSpanPage(page, machineIdOf, (stored) =>
        stored.rowKey === STATE_ROW ? undefined : Object.assign(decodeInterval(stored), { machineId: machineIdOf(stored.partitionKey) }),
      )
    }
  }

  async state(tenantId: string, machineId: string): Promise<MachineStateRow | undefined> {
    const stored = await this.#table.get(keys.missingKbs(tenantId, machineId), STATE_ROW)
    return stored && decodeState(stored)
  }

  /**
   * Commits a transition, guarded by the state row's ETag: one transaction, or as many as its rows need. The first of many also
   * stores the input in the state row and the last clears it, so that a kill in between is finished by whoever reads `pending`;
   * each is guarded by the one before, so that a writer who was overtaken writes nothing more.
   * `outdated`: someone else moved this machine on, or an answer was lost; read again.
   */
  async commit(
    tenantId: string,
    machineId: string,
    transition: Transition,
    state: MachineStateRow | undefined,
  ): Promise<'written' | 'outdated'> {
    const partitionKey = keys.missingKbs(tenantId, machineId)
    const rows = transition.changed.map((interval) => encodeInterval(partitionKey, interval))
    const done = encodeState(partitionKey, transition, '')
    const [only = [], ...more] = batchesBeside(done, rows)
    if (more.length === 0) return (await this.#table.commit(done, 'Replace', guardOf(state), only)).kind
    const begun = encodeState(partitionKey, transition, transition.resumeFrom)
    return this.#commitInSteps(begun, done, batchesBeside(begun, rows), guardOf(state))
  }

  async #commitInSteps(
    begun: EncodedRow,
    done: EncodedRow,
    batches: readonly EncodedRow[][],
    first: Guard,
  ): Promise<'written' | 'outdated'> {
    // Between the first and the last, a merge that changes nothing moves the ETag on and leaves `pending` where it is.
    const touched = { partitionKey: begun.partitionKey, rowKey: begun.rowKey }
    let guard = first
    for (const [index, batch] of batches.entries()) {
      const isLast = index === batches.length - 1
      const row = isLast ? done : index === 0 ? begun : touched
      const committed = await this.#table.commit(row, row === touched ? 'Merge' : 'Replace', guard, batch)
      if (committed.kind === 'outdated') return 'outdated'
      guard = { kind: 'ifMatch', etag: committed.etag }
    }
    return 'written'
  }
}

const guardOf = (state: MachineStateRow | undefined): Guard => (state ? { kind: 'ifMatch', etag: state.etag } : { kind: 'insert' })

function encodeState(partitionKey: string, transition: Transition, pending: string): EncodedRow {
  const { snapshotId, outcome, observedAt } = transition
  if (pending.length > LONGEST_PENDING_CHARACTERS) {
    throw new StoreError(
      `a machine's answer of ${pending.length} characters is too long to be kept while it is committed`,
      'PendingTooLong',
    )
  }
  const pieces: Partial<Record<(typeof PENDING)[number], string>> = {}
  let start = 0
  for (const name of PENDING) {
    const end = wholeCharacterEnd(pending, start + PENDING_CHARACTERS)
    if (end > start) pieces[name] = pending.slice(start, end)
    start = end
  }
  return { partitionKey, rowKey: STATE_ROW, ...encodeValues(stateColumns, { snapshotId, outcome, observedAt, ...pieces }) }
}

/** The end, or one further where it would cut a surrogate pair in two: a half is no text that a service has to keep. */
function wholeCharacterEnd(text: string, end: number): number {
  if (end >= text.length) return text.length
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end
}

function decodeState(stored: StoredRow): MachineStateRow {
  const { snapshotId, outcome, observedAt, ...values } = decodeValues(stateColumns, stored)
  return {
    snapshotId,
    outcome: outcome as TransitionOutcome,
    observedAt,
    pending: PENDING.map((name) => values[name]).join(''),
    etag: stored.etag,
  }
}

function encodeInterval(partitionKey: string, interval: Interval): EncodedRow {
  return { partitionKey, rowKey: keys.interval(interval.kbId, interval.appearedSnapshotId), ...encodeValues(intervalColumns, interval) }
}

function decodeInterval(stored: StoredRow): Interval {
  return decodeValues(intervalColumns, stored) as Interval
}
