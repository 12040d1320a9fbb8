import { z } from 'zod'
import { daysMissing } from '../../history/days-missing.ts'
import { missingAt } from '../../history/missing-at.ts'
import { snapshotStartText } from '../../store/index.ts'
import { machineIdParameter, momentParameter, query } from '../parameter.ts'
import { requireMachine, requireSnapshot, requireTenant } from '../resolve.ts'
import { defineRoute } from '../route.ts'
import { kbAttributes, toKbAttributes } from '../shapes/kb.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { count, instant } from '../shapes/values.ts'

const missingKb = z.object({ ...kbAttributes, firstMissingAt: instant, daysMissing: count.describe('Whole days from firstMissingAt to `at`.') })
const { lastObservedSnapshotId, state } = machineSchema.shape

export const machineMissingKbsRoute = defineRoute({
  name: 'machineMissingKbs',
  method: 'GET',
  path: 'machines/{machineId}/missing-kbs',
  summary: 'What a machine missed at a snapshot.',
  authLevel: 'function',
  query: query({ at: momentParameter('The snapshot; the latest if left out.').optional() }),
  params: z.strictObject({ machineId: machineIdParameter }),
  responses: {
    200: z.object({ machineId: z.string(), at: snapshotRefSchema, lastObservedSnapshotId, state, missingKbs: z.array(missingKb) }),
  },
  async handle(services, { query, params: { machineId } }) {
    const tenant = await requireTenant(services)
    const machine = toMachine(await requireMachine(services, machineId))
    const at = await requireSnapshot(services, tenant, 'at', query.at ?? { kind: 'latest' })
    const { intervals } = await services.store.missingKbs.read(tenant.tenantId, machineId)
    const missingKbs = missingAt(intervals, at.snapshotId).map((interval) => ({
      ...toKbAttributes(interval),
      firstMissingAt: snapshotStartText(interval.appearedSnapshotId),
      daysMissing: daysMissing(interval.appearedSnapshotId, at.snapshotId),
    }))
    const { lastObservedSnapshotId, state } = machine
    return { status: 200, json: { machineId, at: toSnapshotRef(at), lastObservedSnapshotId, state, missingKbs } }
  },
})
