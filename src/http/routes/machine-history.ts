import { z } from 'zod'
import { type Interval, withExposures } from '../../domain/index.ts'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { machineIdParameter, query } from '../parameter.ts'
import { requireMachine } from '../resolve.ts'
import { defineRoute } from '../define-route.ts'
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
  async handle(opened, { params: { machineId } }) {
    const row = await requireMachine(opened, machineId)
    const { computerDnsName, lastObservedSnapshotId, state } = toMachine(row)
    const { store } = opened
    const { intervals } = await store.missingKbs.read(machineId)
    const described = await withLatestAttributes(store, withExposures(intervals))
    const shown = described
      .sort(newestFirst)
      .map((interval) => toInterval(interval, row.lastObservedSnapshotId ?? interval.appearedSnapshotId))
    return { status: 200, json: { machineId, computerDnsName, lastObservedSnapshotId, state, intervals: shown } }
  },
})

const newestFirst = (a: Interval, b: Interval) =>
  a.appearedSnapshotId === b.appearedSnapshotId ? (a.kbId < b.kbId ? -1 : 1) : a.appearedSnapshotId < b.appearedSnapshotId ? 1 : -1
