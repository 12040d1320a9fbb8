import { z } from 'zod'
import { isSnapshotId } from '../domain/index.ts'
import { type CursorScope, decodeCursor, encodeCursor } from '../edge/cursor.ts'
import { quote } from '../edge/quote.ts'
import { FeedError } from './feed-error.ts'
import type { OptionTexts } from './query-options.ts'

/** Keys come from rows, but whoever forges a token must not send a filter of any length to the storage. */
const keyText = z.string().max(600)

const tokenSchema = z.object({
  /** The newest ended snapshot when the first page was read; '' in the text for none. */
  pin: z
    .string()
    .refine((text) => text === '' || isSnapshotId(text))
    .transform((text) => text || null),
  place: z.object({ partition: keyText, row: keyText, done: z.boolean().optional() }),
  /** What the last row was sorted by, where that is not the order of the rows' places. */
  rank: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  skip: z.int().min(0),
  /** Rows still wanted; left out for all. */
  top: z.int().min(0).optional(),
  /** The page size asked for, since not every caller repeats its preference. */
  pageRows: z.int().min(1).optional(),
  /** What `$count` counted on the first page. */
  count: z.int().min(0).optional(),
  /** Rows that the set is likely to have, by what was seen. */
  size: z.number().min(1).optional(),
})

export type SkipToken = z.infer<typeof tokenSchema>

/** Everything that decides which rows there are, and in which form. */
export function tokenScope(tenantId: string, setName: string, options: OptionTexts): CursorScope {
  const deciding = [...options].filter(([name]) => !['$skiptoken', '$format', 'tenantId'].includes(name))
  return ['odata', tenantId, setName, ...deciding.map((option) => JSON.stringify(option)).sort()]
}

export function encodeSkipToken({ place, ...token }: SkipToken, scope: CursorScope): string {
  return encodeCursor({ ...token, pin: token.pin ?? '', place }, scope)
}

/** Throws a 400 for a token that was damaged or belongs to another query. */
export function decodeSkipToken(text: string | undefined, scope: CursorScope): SkipToken | undefined {
  if (text === undefined) return undefined
  const token = decodeCursor(text, scope, tokenSchema)
  if (token) return token
  throw new FeedError(
    'InvalidSkipToken',
    `$skiptoken must be the one of an @odata.nextLink, with the other options unchanged; got ${quote(text)}.`,
  )
}
