import {
  direct,
  type Interval,
  type Provenance,
  provenanceOf,
  SOURCE_KINDS,
  TRANSITION_OUTCOMES,
  type TransitionOutcome,
} from '../domain/index.ts'
import type { EncodedRow } from './batch.ts'
import { type ColumnsOf, encodeValues, optionalText, text, word } from './columns.ts'
import { STATE_ROW } from './keys.ts'
import { fromPieces, LONGEST_TEXT_CHARACTERS, NO_PIECES, pieceColumns, type Pieces, toPieces } from './pieces.ts'
import { forDamaged, type RowFormat } from './read-row.ts'
import { StoreError } from './store-error.ts'
import type { StoredRow } from './stored-row.ts'
import type { Table } from './table.ts'

/** A machine's state row. `pending` is there while a transition of more rows than one transaction holds is being written. */
export interface MachineStateRow extends Provenance {
  snapshotId: string
  outcome: TransitionOutcome
  pending: string | null
  etag: string
}

/** What one snapshot does to one machine's intervals. */
export interface Transition extends Provenance {
  snapshotId: string
  outcome: TransitionOutcome
  changed: readonly Interval[]
  /** The input that leads to this transition, for resuming it when it takes more than one transaction. */
  resumeFrom: string
}

interface StateValues extends Pieces, Provenance {
  /** The last snapshot that changed this machine's intervals. */
  snapshotId: string
  /** What ended in that snapshot. */
  outcome: TransitionOutcome
}

const columns: ColumnsOf<StateValues> = {
  snapshotId: text,
  outcome: word(TRANSITION_OUTCOMES),
  observedAt: text,
  source: word(SOURCE_KINDS, 'perMachine'),
  reportedAt: optionalText,
  osVersion: optionalText,
  ...pieceColumns,
}

/** Whatever is damaged, its ETag guards the machine: the next transition is compared with the intervals as they are, and replaces the row. */
const format: RowFormat<StateValues> = {
  columns,
  repair: (damaged) => forDamaged<StateValues>(damaged, { ...NO_PIECES, ...direct(''), snapshotId: '', outcome: 'observed' }),
}

/** The longest input that is kept while its rows are written; `largestAnswerCharacters` of Defender's policy stays below it. */
export const LONGEST_PENDING_CHARACTERS = LONGEST_TEXT_CHARACTERS

/** The row that a transition leaves; `pending` is what it is resumed from. Throws a `StoreError` where that is too long to be kept. */
export function encodeState(partitionKey: string, transition: Transition, pending: string): EncodedRow {
  const { snapshotId, outcome } = transition
  if (pending.length > LONGEST_PENDING_CHARACTERS) {
    throw new StoreError(
      `a machine's answer of ${pending.length} characters is too long to be kept while it is committed`,
      'PendingTooLong',
    )
  }
  const values = { snapshotId, outcome, ...provenanceOf(transition), ...toPieces(pending) }
  return { partitionKey, rowKey: STATE_ROW, ...encodeValues<StateValues>(columns, values) }
}

export function readState(table: Table, stored: StoredRow): MachineStateRow | undefined {
  const row = table.read(format, stored)
  if (!row) return undefined
  const { snapshotId, outcome, ...pieces } = row
  return { snapshotId, outcome, ...provenanceOf(row), pending: fromPieces(pieces) || null, etag: stored.etag }
}
