import { z } from 'zod'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { type Interval } from '../../store/index.ts'
import { machineIdParameter, query } from '../parameter.ts'
import { requireMachine } from '../resolve.ts'
import { defineRoute } from '../route.ts'
import { intervalSchema, toInterval } from '../shapes/interval.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'

const { computerDnsName, lastObservedSnapshotId, state } = machineSchema.shape

export const machineHistoryRoute = defineRoute({
  name: 'machineHistory',
  method: 'GET',
  path: 'machines/{machineId}/history',
  summary: 'Every stretch in which a machine missed a KB, newest first, open and closed, with reasons.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({ machineId: machineIdParameter }),
  responses: {
    200: z.object({ machineId: z.string(), computerDnsName, lastObservedSnapshotId, state, intervals: z.array(intervalSchema) }),
  },
  async handle(services, { params: { machineId } }) {
    const row = await requireMachine(services, machineId)
    const { computerDnsName, lastObservedSnapshotId, state } = toMachine(row)
    const { tenantId } = services.config.defender
    const { intervals } = await services.store.missingKbs.read(tenantId, machineId)
    const described = await withLatestAttributes(services.store, tenantId, intervals)
    const shown = described
      .sort(newestFirst)
      .map((interval) => toInterval(interval, row.lastObservedSnapshotId || interval.appearedSnapshotId))
    return { status: 200, json: { machineId, computerDnsName, lastObservedSnapshotId, state, intervals: shown } }
  },
})

const newestFirst = (a: Interval, b: Interval) =>
  a.appearedSnapshotId === b.appearedSnapshotId ? (a.kbId < b.kbId ? -1 : 1) : a.appearedSnapshotId < b.appearedSnapshotId ? 1 : -1
