import { z } from 'zod'
import { type Gap, type Interval, withExposures } from '../../domain/index.ts'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { machineIdParameter } from '../parameter.ts'
import { requireMachine } from '../resolve.ts'
import { gapSchema, toGap } from '../shapes/gap.ts'
import { intervalSchema, toInterval } from '../shapes/interval.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'

const { computerDnsName, osPlatform, rbacGroupName, lastObservedSnapshotId, state } = machineSchema.shape
const gaps = z.array(gapSchema).describe('Newest first, and none of a time before gaps were kept.')

export const machineHistoryRoute = defineListRoute({
  name: 'machineHistory',
  path: 'machines/{machineId}/history',
  summary: 'Every stretch in which a machine missed a KB, newest first, open and closed, with reasons.',
  parameters: {},
  params: z.strictObject({ machineId: machineIdParameter }),
  head: { machineId: z.string(), computerDnsName, osPlatform, rbacGroupName, lastObservedSnapshotId, state, gaps },
  rows: 'intervals',
  row: intervalSchema,
  async list(opened, { params: { machineId } }) {
    const row = await requireMachine(opened, machineId)
    const { computerDnsName, osPlatform, rbacGroupName, lastObservedSnapshotId, state } = toMachine(row)
    const { store, outside } = opened
    const { intervals, gaps } = await store.missingKbs.read(machineId)
    const described = await withLatestAttributes(store, withExposures(intervals))
    const shown = described
      .sort(newestFirst)
      .map((interval) => toInterval(interval, row.lastObservedSnapshotId ?? interval.appearedSnapshotId))
    return {
      head: {
        ...{ machineId, computerDnsName, osPlatform, rbacGroupName, lastObservedSnapshotId, state },
        gaps: gaps.sort(latestFirst).map(toGap),
      },
      ...wholeList(shown),
      fileName: `machine-${machineId}-history-${dayOf(outside.clock)}`,
    }
  },
})

const latestFirst = (a: Gap, b: Gap) => (a.fromSnapshotId < b.fromSnapshotId ? 1 : -1)

const newestFirst = (a: Interval, b: Interval) =>
  a.appearedSnapshotId === b.appearedSnapshotId ? (a.kbId < b.kbId ? -1 : 1) : a.appearedSnapshotId < b.appearedSnapshotId ? 1 : -1
