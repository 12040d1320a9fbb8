import { z } from 'zod'
import { nextLinkAfter, pageSizeOf, takePage } from '../page.ts'
import { pagedQuery } from '../parameter.ts'
import { defineRoute } from '../define-route.ts'
import { kbSchema, toKb } from '../shapes/kb.ts'
import { kbIdPosition, nextLink } from '../shapes/values.ts'

export const kbsRoute = defineRoute({
  name: 'kbs',
  method: 'GET',
  path: 'kbs',
  summary: 'All KBs that a machine was ever seen missing, by id.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 10_000, standard: 1000 }),
  params: z.strictObject({}),
  position: z.object({ kbId: kbIdPosition }),
  responses: { 200: z.object({ kbs: z.array(kbSchema), nextLink }) },
  async handle({ store }, { query: { limit }, position, nextLink }) {
    const start = { after: position?.kbId ?? null, pageSize: pageSizeOf(limit) }
    const page = await takePage(store.kbs.pages(start), limit)
    return { status: 200, json: { kbs: page.rows.map(toKb), ...nextLinkAfter(page, ({ kbId }) => nextLink({ kbId })) } }
  },
})
