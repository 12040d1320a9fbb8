import { z } from 'zod'
import { CHANGES, isSnapshotId, REASONS } from '../../domain/index.ts'
import { diffRows, type DiffPosition } from '../../history/diff.ts'
import { DIFF_MODES, type DiffMode, type DiffRow } from '../../history/fold.ts'
import { toCsv } from '../csv.ts'
import { chooseFormat, FORMATS, ROW_TYPES } from '../format.ts'
import { toNdjson } from '../ndjson.ts'
import { nextLinkAfter, takePage } from '../page.ts'
import { kbIdParameter, machineIdParameter, momentParameter, wordParameter, pagedQuery } from '../parameter.ts'
import { goneSchema, orGone, requireRange } from '../resolve.ts'
import { defineRoute } from '../define-route.ts'
import { CHANGE_COLUMNS, changeSchema, toChange } from '../shapes/change.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { kbIdPosition, machineIdPosition, nextLink } from '../shapes/values.ts'

const snapshotId = z.string().refine(isSnapshotId)

/** Both ends, so that a snapshot that ends meanwhile changes nothing, and the last row shown. */
const position = z.object({
  from: snapshotId,
  to: snapshotId,
  machineId: machineIdPosition,
  kbId: kbIdPosition,
  snapshotId: snapshotId.optional(),
})

const answer = z.object({
  tenantId: z.string(),
  from: snapshotRefSchema,
  to: snapshotRefSchema,
  mode: z.enum(DIFF_MODES),
  changes: z.array(changeSchema),
  nextLink,
})

const pinned = (id: string) => ({ kind: 'snapshot', snapshotId: id }) as const

export const diffsRoute = defineRoute({
  name: 'diffs',
  method: 'GET',
  path: 'diffs',
  summary: 'What changed between two snapshots, and why.',
  authLevel: 'function',
  query: pagedQuery(
    {
      from: momentParameter('The earlier snapshot; the one before `to` if left out.', 'previous').optional(),
      to: momentParameter('The later snapshot; the latest if left out.', 'latest').optional(),
      mode: wordParameter(DIFF_MODES, 'net: a pair that ends as it began is left out; events: every change.', 'net').optional(),
      machineId: machineIdParameter.optional(),
      kbId: kbIdParameter.optional(),
      change: wordParameter(CHANGES, 'Only this kind of change.').optional(),
      reason: wordParameter(REASONS, 'Only changes for this reason.').optional(),
      format: wordParameter(FORMATS, 'Overrides the Accept header.').optional(),
    },
    { highest: 10_000, standard: 1000 },
  ),
  params: z.strictObject({}),
  position,
  responses: { 200: answer, 410: goneSchema },
  responseHeaders: {
    200: {
      Link: { description: 'Of CSV and NDJSON: the next page, as rel="next"; left out on the last one.', schema: { type: 'string' } },
    },
  },
  rowFormats: Object.values(ROW_TYPES),
  async handle(opened, { query, position, nextLink, accept }) {
    const { from, to, snapshots } = position
      ? await requireRange(opened, pinned(position.from), pinned(position.to))
      : await requireRange(opened, query.from, query.to)
    const { tenantId, store } = opened
    const mode = query.mode ?? 'net'
    const { machineId, kbId, change, reason, limit } = query
    const diff = { snapshots, toSnapshotId: to.snapshotId, mode, filter: { machineId, kbId, change, reason } }
    const rows = diffRows(store.changes, { ...diff, after: position, rowsWanted: limit })
    const page = await orGone(opened, { snapshots }, () => takePage(rows, limit))
    const ends = { from: from.snapshotId, to: to.snapshotId }
    const next = nextLinkAfter(page, (row) => nextLink({ ...ends, ...positionOf(row, mode) }))
    const changes = page.rows.map(toChange)
    const format = chooseFormat(query.format, accept)
    if (format === 'json')
      return { status: 200, json: { tenantId, from: toSnapshotRef(from), to: toSnapshotRef(to), mode, changes, ...next } }
    const chunks = inTurn(format === 'csv' ? toCsv(changes, CHANGE_COLUMNS) : toNdjson(changes))
    const headers: Record<string, string> = next.nextLink === undefined ? {} : { link: `<${next.nextLink}>; rel="next"` }
    return { status: 200, contentType: CONTENT_TYPES[format], chunks, headers }
  },
})

const CONTENT_TYPES = { csv: `${ROW_TYPES.csv}; charset=utf-8; header=present`, ndjson: `${ROW_TYPES.ndjson}; charset=utf-8` }

function positionOf({ change: { machineId, kbId, snapshotId } }: DiffRow, mode: DiffMode): DiffPosition {
  return mode === 'events' ? { machineId, kbId, snapshotId } : { machineId, kbId }
}

async function* inTurn(chunks: Iterable<string>): AsyncGenerator<string> {
  yield* chunks
}
