import { z } from 'zod'
import { toBatches } from '../../history/batch.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { pageSizeOf } from '../page.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { machineIdPosition } from '../shapes/values.ts'

export const machinesRoute = defineListRoute({
  name: 'machines',
  path: 'machines',
  summary: 'All machines ever listed, by id.',
  parameters: {},
  params: z.strictObject({}),
  pages: { size: { highest: 10_000, standard: 1000 }, position: z.object({ machineId: machineIdPosition }) },
  head: {},
  rows: 'machines',
  row: machineSchema,
  async list({ store, outside }, { position }) {
    return {
      head: {},
      read(wanted) {
        const pages = store.machines.pages({ after: position?.machineId ?? null, pageSize: pageSizeOf(wanted) })
        return toBatches(pages, toMachine, positionOf)
      },
      positionOf,
      fileName: `machines-${dayOf(outside.clock)}`,
    }
  },
})

const positionOf = ({ machineId }: { machineId: string }) => ({ machineId })
