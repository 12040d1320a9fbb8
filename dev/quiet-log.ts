import { createLog } from '../src/log.ts'

/** The log of a run whose lines nobody reads. */
export const quietLog = createLog(() => undefined)
