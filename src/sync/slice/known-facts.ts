import type { KbFacts } from '../../domain/index.ts'
import { describeError } from '../../redact-error.ts'
import type { Slice } from './slice.ts'

/** The catalogue is decoration: where it cannot be read, nothing is known, and the snapshot goes on all the same. */
export async function knownFacts({ ports }: Slice, kbIds: Iterable<string>): Promise<ReadonlyMap<string, KbFacts>> {
  try {
    return await ports.catalogue.factsOf(kbIds)
  } catch (error) {
    ports.outside.log.warn('catalogue.unread', { error: describeError(error) })
    return new Map()
  }
}
