import { z } from 'zod'
import { type Behaviour, FAULTS } from './behaviour.ts'

const odds = z.number().min(0).max(1)
const rate = z.number().min(0)

/** Switches as they come over HTTP or from the command line. */
export const behaviourSchema = z
  .strictObject({
    entitiesPerSecond: z.strictObject({ partition: rate, account: rate }),
    retryAfterSeconds: z.number().min(0),
    scannedRowsPerPage: z.int().min(0),
    pageEndsAtPartition: z.boolean(),
    emptyPages: odds.max(0.99),
    tableDeletionSeconds: z.number().min(0),
    faults: z.partialRecord(z.enum(FAULTS), odds),
  } satisfies Record<keyof Behaviour, unknown>)
  .partial()
  .transform((change) => change as Partial<Behaviour>)
