import { z } from 'zod'
import { daysMissing, missingAt, snapshotStartAt, wasObservedBy, withExposures } from '../../domain/index.ts'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { machineAssessment } from '../../history/machine-assessment.ts'
import { machineIdParameter, momentParameter } from '../parameter.ts'
import { requireMachine, requireSnapshot, requireTenant } from '../resolve.ts'
import { defineListRoute } from '../define-list-route.ts'
import { wholeList } from '../list.ts'
import { exposureShape, toExposure } from '../shapes/exposure.ts'
import { gapShape, toOpenGap } from '../shapes/gap.ts'
import { kbAttributes, toKbAttributes } from '../shapes/kb.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { count, instant, snapshotId } from '../shapes/values.ts'

const missingKb = z.object({
  ...kbAttributes,
  firstMissingAt: instant,
  daysMissing: count.describe('Whole days from firstMissingAt to `at`.'),
  ...exposureShape,
})
const assessed = z
  .boolean()
  .nullable()
  .describe(
    'Whether the machine was assessed in `at`; if not, what is listed is what was known before, and an empty list is no clean bill. null where nothing was kept that would tell.',
  )
const lastObservedSnapshotId = snapshotId.nullable().describe('As of now, whatever `at` is; null for a machine never observed.')
const state = machineSchema.shape.state.describe('As of now, whatever `at` is: how it ended in the snapshot that dealt with it last.')
const observedByThen = z
  .boolean()
  .nullable()
  .describe('Whether the machine had been observed by the end of `at`; if not, an empty list says nothing. null where that is not known.')

export const machineMissingKbsRoute = defineListRoute({
  name: 'machineMissingKbs',
  path: 'machines/{machineId}/missing-kbs',
  summary: 'What a machine missed at a snapshot.',
  parameters: { at: momentParameter('The snapshot; the latest if left out.', 'latest').optional() },
  params: z.strictObject({ machineId: machineIdParameter }),
  head: { machineId: z.string(), at: snapshotRefSchema, assessed, ...gapShape, observedByThen, lastObservedSnapshotId, state },
  rows: 'missingKbs',
  row: missingKb,
  async list(opened, { query, params: { machineId } }) {
    const tenant = await requireTenant(opened)
    const row = await requireMachine(opened, machineId)
    const at = await requireSnapshot(opened, tenant, 'at', query.at ?? { kind: 'latest' })
    const partition = await opened.store.missingKbs.read(machineId)
    const { intervals } = partition
    const assessment = await machineAssessment(opened.store, { tenant, machine: row, partition, snapshot: at })
    const missing = await withLatestAttributes(opened.store, missingAt(withExposures(intervals), at.snapshotId))
    const missingKbs = missing.map((interval) => ({
      ...toKbAttributes(interval),
      firstMissingAt: snapshotStartAt(interval.appearedSnapshotId),
      daysMissing: daysMissing(interval.appearedSnapshotId, at.snapshotId),
      ...toExposure(interval, at.snapshotId),
    }))
    const { lastObservedSnapshotId, state } = toMachine(row)
    const observedByThen = wasObservedBy(row, intervals, at.snapshotId)
    return {
      head: {
        ...{ machineId, at: toSnapshotRef(at), assessed: assessment.assessed, ...toOpenGap(assessment) },
        ...{ observedByThen, lastObservedSnapshotId, state },
      },
      ...wholeList(missingKbs),
      fileName: `machine-${machineId}-missing-kbs-${at.snapshotId}`,
    }
  },
})
