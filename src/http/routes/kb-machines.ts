import { z } from 'zod'
import { daysMissing, snapshotStartAt } from '../../domain/index.ts'
import { showBatches } from '../../history/batch.ts'
import { type MachineMissingKb, machinesMissingKb } from '../../history/machines-missing-kb.ts'
import { SCAN_POLICY } from '../../history/read-policy.ts'
import { defineListRoute } from '../define-list-route.ts'
import { dayOf } from '../file-name.ts'
import { kbIdPathParameter } from '../parameter.ts'
import { requireKb } from '../resolve.ts'
import { exposureShape, toExposure } from '../shapes/exposure.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { count, instant, machineIdPosition } from '../shapes/values.ts'

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

export const kbMachinesRoute = defineListRoute({
  name: 'kbMachines',
  path: 'kbs/{kbId}/machines',
  summary: 'The machines that miss a KB by their last observation. A page may be short, even empty, and still be followed by others.',
  parameters: {},
  params: z.strictObject({ kbId: kbIdPathParameter }),
  pages: { size: { highest: 1000, standard: 100 }, position: z.object({ machineId: machineIdPosition }) },
  head: { kbId: z.string(), kbName: z.string().nullable() },
  rows: 'machines',
  row: machineMissing,
  async list(opened, { params, position }) {
    const { kbId, kbName } = await requireKb(opened, params.kbId)
    return {
      head: { kbId, kbName },
      read(wanted) {
        const found = machinesMissingKb(opened.store, kbId, { after: position?.machineId ?? null, wanted })
        return showBatches(found, toMachineMissing, (machineId) => ({ machineId }))
      },
      positionOf: ({ machineId }) => ({ machineId }),
      lookAtMost: SCAN_POLICY.machines,
      fileName: `kb-${kbId}-machines-${dayOf(opened.outside.clock)}`,
    }
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
