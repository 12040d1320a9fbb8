import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { parseJson } from '../parse-json.ts'

/**
 * What a cursor belongs to: a route and the parameters that decide which rows there are. It is no secret: whoever forges one reads
 * no more than with other parameters. The digest is there so that a damaged cursor, or one of another query, is refused, not guessed at.
 */
export type CursorScope = readonly string[]

const DIGEST_CHARACTERS = 16

/** A position as opaque text: digest and JSON in base64url. */
export function encodeCursor(position: unknown, scope: CursorScope): string {
  const json = JSON.stringify(position)
  return Buffer.from(digest(json, scope) + json).toString('base64url')
}

/** The position in a cursor, or undefined if it was damaged, belongs to another query or does not fit the schema. */
export function decodeCursor<S extends z.ZodType>(cursor: string, scope: CursorScope, schema: S): z.output<S> | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  // Base64 has several spellings of the same bytes: only ours counts.
  if (bytes.toString('base64url') !== cursor) return undefined
  const text = bytes.toString()
  const json = text.slice(DIGEST_CHARACTERS)
  if (text.slice(0, DIGEST_CHARACTERS) !== digest(json, scope)) return undefined
  // It may be no JSON at all: anyone can make the digest of any text.
  const parsed = schema.safeParse(parseJson(json))
  return parsed.success ? parsed.data : undefined
}

function digest(json: string, scope: CursorScope): string {
  return createHash('sha256')
    .update(JSON.stringify([json, scope]))
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS)
}
