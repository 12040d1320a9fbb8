import { z } from 'zod'
import type { Fault } from '../../defender/index.ts'
import { isRowRefused, StoreError } from '../../store/index.ts'

/** Errors that what a machine's rows or answers hold leads to, in whatever process: the same in every slice, and of no other machine. */
const OF_DATA = [StoreError, z.ZodError, RangeError, TypeError, SyntaxError]

/**
 * The fault of a machine whose answer cannot be processed or stored; undefined for an error that is not the machine's: the storage does not
 * answer, the lease is lost.
 */
export function unprocessable(error: unknown): Fault | undefined {
  const isOfMachine = isRowRefused(error) || OF_DATA.some((kind) => error instanceof kind)
  if (!isOfMachine || !(error instanceof Error)) return undefined
  return {
    kind: 'transient',
    code: 'unprocessable',
    detail: `what is known of the machine, or its answer, cannot be processed: ${error.name}`,
  }
}

/** The fault of a machine at which slices were killed, one after another. */
export const SLICES_BROKE: Fault = {
  kind: 'transient',
  code: 'slicesBroke',
  detail: 'several slices on end were killed or failed, the last ones at this machine',
}
