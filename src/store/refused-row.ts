import { RestError } from '@azure/data-tables'
import type { EncodedRow } from './batch.ts'
import { storageErrorCode } from './store-error.ts'

/** Statuses by which the storage refuses a row for what is in it. https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes */
const OF_THE_ROW = [400, 413]

/** A row that the storage does not take: by its keys and the service's code, never by value. */
export interface RefusedRow {
  table: string
  partitionKey: string
  rowKey: string
  code: string
}

/** Told of a row that is refused, with the service's own error. */
export type OnRefusal = (row: RefusedRow, error: unknown) => void

/** Whether a write was refused for what is in its rows: it would be refused again in every tick. */
export const isRowRefused = (error: unknown): boolean => error instanceof RestError && OF_THE_ROW.includes(error.statusCode ?? 0)

export const codeOfRefusal = (error: unknown): string => storageErrorCode(error) ?? 'Refused'

/** For whoever has no log: the first refused row is an error. */
export const throwRefusal: OnRefusal = (_, error) => {
  throw error
}

/**
 * Writes the rows of a transaction, and returns those that the service refuses. It refuses a transaction as a whole: the halves are tried
 * until the rows at fault stand alone, with at most two attempts a row. Whoever is told of one may throw.
 */
export async function writeWhatIsTaken(
  rows: readonly EncodedRow[],
  write: (rows: readonly EncodedRow[]) => Promise<unknown>,
  tellOf: (row: EncodedRow, error: unknown) => void,
): Promise<EncodedRow[]> {
  try {
    await write(rows)
    return []
  } catch (error) {
    const [first] = rows
    if (!isRowRefused(error) || !first) throw error
    if (rows.length > 1) {
      const middle = Math.ceil(rows.length / 2)
      const before = await writeWhatIsTaken(rows.slice(0, middle), write, tellOf)
      return [...before, ...(await writeWhatIsTaken(rows.slice(middle), write, tellOf))]
    }
    tellOf(first, error)
    return [first]
  }
}
