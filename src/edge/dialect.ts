import type { TextAnswer } from './answer.ts'
import type { Refusal } from './refusal.ts'

/** How a part of the edge tells what it refuses: the API as problem documents, the feed as OData errors. */
export interface Dialect<E extends Error> {
  /** On every answer, refusals too. Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Headers of a request that decide what is answered, beside those that do so everywhere. */
  varies: readonly string[]
  /** Whether an error is a refusal in this dialect. */
  isOwn(error: unknown): error is E
  /** A refusal of the whole edge in this dialect. */
  translate(refusal: Refusal): E
  answer(refusal: E): TextAnswer
}
