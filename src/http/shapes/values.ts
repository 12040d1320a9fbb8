import { z } from 'zod'

/** An instant in UTC, ISO 8601. */
export const instant = z.string().meta({ format: 'date-time' })
export const count = z.int().min(0)
/** 0 to 1. */
export const share = z.number().min(0).max(1)
export const address = z.string().describe('An absolute URL.')
export const snapshotId = z.string().meta({ pattern: '^\\d{8}T\\d{6}Z$', examples: ['20260612T020000Z'] })
export const nextLink = address.optional().describe('The next page; left out on the last one.')
/** An id in a cursor. It came from a row, but whoever forges a cursor must not send a filter of any length to the storage. */
export const positionId = z.string().min(1).max(200)
