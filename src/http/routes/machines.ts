import { z } from 'zod'
import { nextLinkAfter, pageSizeOf, takePage } from '../page.ts'
import { pagedQuery } from '../parameter.ts'
import { defineRoute } from '../define-route.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { machineIdPosition, nextLink } from '../shapes/values.ts'

export const machinesRoute = defineRoute({
  name: 'machines',
  method: 'GET',
  path: 'machines',
  summary: 'All machines ever listed, by id.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 10_000, standard: 1000 }),
  params: z.strictObject({}),
  position: z.object({ machineId: machineIdPosition }),
  responses: { 200: z.object({ machines: z.array(machineSchema), nextLink }) },
  async handle({ store }, { query: { limit }, position, nextLink }) {
    const start = { after: position?.machineId ?? null, pageSize: pageSizeOf(limit) }
    const page = await takePage(store.machines.pages(start), limit)
    const next = nextLinkAfter(page, ({ machineId }) => nextLink({ machineId }))
    return { status: 200, json: { machines: page.rows.map(toMachine), ...next } }
  },
})
