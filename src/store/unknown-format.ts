import { GAP_KINDS, type GapKind, type UnknownMachine } from '../domain/index.ts'
import { type ColumnsOf, integer, optionalText, optionalWord, text } from './columns.ts'
import { forDamaged, type RowFormat } from './read-row.ts'

/** Beside those without an observation a failed snapshot keeps whom else it did not assess: `kind` says why. */
type UnknownValues = Omit<UnknownMachine, 'machineId'> & { kind: GapKind | null }

export const unknownColumns: ColumnsOf<UnknownValues> = {
  kind: optionalWord(GAP_KINDS),
  computerDnsName: optionalText,
  status: integer,
  code: text,
  detail: text,
  attempts: integer,
}

export const unknownFormat: RowFormat<UnknownValues> = {
  columns: unknownColumns,
  repair: (damaged) =>
    forDamaged<UnknownValues>(damaged, { kind: 'unknown', computerDnsName: null, status: 0, code: '', detail: '', attempts: 0 }),
}
