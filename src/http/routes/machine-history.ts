import { z } from 'zod'
import { type Interval, withExposures } from '../../domain/index.ts'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { machineIdParameter } from '../parameter.ts'
import { requireMachine } from '../resolve.ts'
import { intervalSchema, toInterval } from '../shapes/interval.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'

const { computerDnsName, lastObservedSnapshotId, state } = machineSchema.shape

export const machineHistoryRoute = defineListRoute({
  name: 'machineHistory',
  path: 'machines/{machineId}/history',
  summary: 'Every stretch in which a machine missed a KB, newest first, open and closed, with reasons.',
  parameters: {},
  params: z.strictObject({ machineId: machineIdParameter }),
  head: { machineId: z.string(), computerDnsName, lastObservedSnapshotId, state },
  rows: 'intervals',
  row: intervalSchema,
  async list(opened, { params: { machineId } }) {
    const row = await requireMachine(opened, machineId)
    const { computerDnsName, lastObservedSnapshotId, state } = toMachine(row)
    const { store, outside } = opened
    const { intervals } = await store.missingKbs.read(machineId)
    const described = await withLatestAttributes(store, withExposures(intervals))
    const shown = described
      .sort(newestFirst)
      .map((interval) => toInterval(interval, row.lastObservedSnapshotId ?? interval.appearedSnapshotId))
    return {
      head: { machineId, computerDnsName, lastObservedSnapshotId, state },
      ...wholeList(shown),
      fileName: `machine-${machineId}-history-${dayOf(outside.clock)}`,
    }
  },
})

const newestFirst = (a: Interval, b: Interval) =>
  a.appearedSnapshotId === b.appearedSnapshotId ? (a.kbId < b.kbId ? -1 : 1) : a.appearedSnapshotId < b.appearedSnapshotId ? 1 : -1
