import { z } from 'zod'
import { toBatches } from '../../history/batch.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { pageSizeOf } from '../page.ts'
import { kbSchema, toKb } from '../shapes/kb.ts'
import { kbIdPosition } from '../shapes/values.ts'

export const kbsRoute = defineListRoute({
  name: 'kbs',
  path: 'kbs',
  summary: 'All KBs that a machine was ever seen missing, by id.',
  parameters: {},
  params: z.strictObject({}),
  pages: { size: { highest: 10_000, standard: 1000 }, position: z.object({ kbId: kbIdPosition }) },
  head: {},
  rows: 'kbs',
  row: kbSchema,
  async list({ store, outside }, { position }) {
    return {
      head: {},
      read(wanted) {
        const pages = store.kbs.pages({ after: position?.kbId ?? null, pageSize: pageSizeOf(wanted) })
        return toBatches(pages, toKb, positionOf)
      },
      positionOf,
      fileName: `kbs-${dayOf(outside.clock)}`,
    }
  },
})

const positionOf = ({ kbId }: { kbId: string }) => ({ kbId })
