import { z } from 'zod'
import { search } from '../../history/search.ts'
import { defineRoute } from '../define-route.ts'
import { numberParameter } from '../number-parameter.ts'
import { query } from '../parameter.ts'
import { searchParameter } from '../search-parameter.ts'

const STANDARD_LIMIT = 10

export const searchRoute = defineRoute({
  name: 'search',
  method: 'GET',
  path: 'search',
  summary: 'Machines and KBs by the beginning of a name or an id, in any letter case; of KBs with KB before it or without.',
  authLevel: 'function',
  query: query({
    q: searchParameter,
    limit: numberParameter('At most so many of each.', { lowest: 1, highest: 50, standard: STANDARD_LIMIT }).optional(),
  }),
  params: z.strictObject({}),
  responses: {
    200: z.object({
      machines: z.array(z.object({ machineId: z.string(), computerDnsName: z.string().nullable() })),
      kbs: z.array(z.object({ kbId: z.string(), kbName: z.string().nullable() })),
    }),
  },
  async handle({ store }, { query: { q, limit = STANDARD_LIMIT } }) {
    return { status: 200, json: await search(store, q, limit) }
  },
})
