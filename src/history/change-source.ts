import type { Change } from '../domain/index.ts'
import type { ChangeRange } from '../store/index.ts'

/** Where changes are read from: pages of one partition in key order. A page may be short or empty and still be followed by others. */
export interface ChangeSource {
  pages(range: ChangeRange): AsyncIterable<Change[], void>
}
