import { z } from 'zod'
import { daysMissing, snapshotStartAt } from '../../domain/index.ts'
import { type MachineMissingKb, machinesMissingKb } from '../../history/machines-missing-kb.ts'
import { kbIdPathParameter, pagedQuery } from '../parameter.ts'
import { requireKb } from '../resolve.ts'
import { defineRoute } from '../define-route.ts'
import { exposureShape, toExposure } from '../shapes/exposure.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { count, instant, machineIdPosition, nextLink } from '../shapes/values.ts'

const { machineId, computerDnsName, osPlatform, rbacGroupName, lastSeen, lastObservedSnapshotId, state } = machineSchema.shape

const machineMissing = z.object({
  machineId,
  computerDnsName,
  osPlatform,
  rbacGroupName,
  lastSeen,
  state,
  firstMissingAt: instant,
  daysMissing: count.describe("Whole days from firstMissingAt to the machine's last observation."),
  ...exposureShape,
  lastObservedSnapshotId,
})

export const kbMachinesRoute = defineRoute({
  name: 'kbMachines',
  method: 'GET',
  path: 'kbs/{kbId}/machines',
  summary: 'The machines that miss a KB by their last observation. A page may be short, even empty, and still be followed by others.',
  authLevel: 'function',
  query: pagedQuery({}, { highest: 1000, standard: 100 }),
  params: z.strictObject({ kbId: kbIdPathParameter }),
  position: z.object({ machineId: machineIdPosition }),
  responses: { 200: z.object({ kbId: z.string(), kbName: z.string().nullable(), machines: z.array(machineMissing), nextLink }) },
  async handle(opened, { query: { limit }, params, position, nextLink }) {
    const { kbId, kbName } = await requireKb(opened, params.kbId)
    const found = await machinesMissingKb(opened.store, kbId, { after: position?.machineId ?? null, limit })
    const next = found.stoppedAt === undefined ? {} : { nextLink: nextLink({ machineId: found.stoppedAt }) }
    return { status: 200, json: { kbId, kbName, machines: found.rows.map(toMachineMissing), ...next } }
  },
})

function toMachineMissing({ machine, interval }: MachineMissingKb): z.infer<typeof machineMissing> {
  const { machineId, computerDnsName, osPlatform, rbacGroupName, lastSeen, lastObservedSnapshotId, state } = toMachine(machine)
  const until = lastObservedSnapshotId ?? interval.appearedSnapshotId
  return {
    machineId,
    computerDnsName,
    osPlatform,
    rbacGroupName,
    lastSeen,
    state,
    firstMissingAt: snapshotStartAt(interval.appearedSnapshotId),
    daysMissing: daysMissing(interval.appearedSnapshotId, until),
    ...toExposure(interval, until),
    lastObservedSnapshotId,
  }
}
