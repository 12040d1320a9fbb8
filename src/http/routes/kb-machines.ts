import { z } from 'zod'
import { beginningOf, type CatalogueFacts, type Deadline, daysMissing, isSameKb, snapshotStartAt } from '../../domain/index.ts'
import { type Batch, showBatches } from '../../history/batch.ts'
import { Deadlines } from '../../history/deadlines.ts'
import { type MachineMissingKb, machinesMissingKb } from '../../history/machines-missing-kb.ts'
import { SCAN_POLICY } from '../../history/read-policy.ts'
import { defineListRoute } from '../define-list-route.ts'
import { exploitedParameter, hasFacts, isAsked, overdueParameter, severityParameter } from '../fact-parameters.ts'
import { dayOf } from '../file-name.ts'
import { kbIdPathParameter } from '../parameter.ts'
import { latestSnapshotId, requireKb } from '../resolve.ts'
import { catalogueShape, toCatalogue } from '../shapes/catalogue.ts'
import { deadlineShape, toDeadline } from '../shapes/deadline.ts'
import { containedIn, derivedShape, includeParameter, toDerived } from '../shapes/derived.ts'
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
  ...deadlineShape,
  ...derivedShape,
  containedIn,
  lastObservedSnapshotId,
})

export const kbMachinesRoute = defineListRoute({
  name: 'kbMachines',
  path: 'kbs/{kbId}/machines',
  summary: 'The machines that miss a KB by their last observation. A page may be short, even empty, and still be followed by others.',
  parameters: {
    include: includeParameter,
    severity: severityParameter.optional(),
    exploited: exploitedParameter.optional(),
    overdue: overdueParameter.optional(),
  },
  params: z.strictObject({ kbId: kbIdPathParameter }),
  pages: { size: { highest: 1000, standard: 100 }, position: z.object({ machineId: machineIdPosition }) },
  head: { kbId: z.string(), kbName: z.string().nullable(), ...catalogueShape },
  rows: 'machines',
  row: machineMissing,
  async list(opened, { params, query, position }) {
    const kb = await requireKb(opened, params.kbId)
    const { kbId, kbName } = kb
    const deadlines = new Deadlines(opened)
    await deadlines.describe([kb])
    const facts = deadlines.facts(kbId)
    const atSnapshotId = (await latestSnapshotId(opened)) ?? kb.lastSeenSnapshotId
    const show = (found: DatedMachine) => toMachineMissing(found, { kbId, facts, policyName: deadlines.policyName, atSnapshotId })
    return {
      head: { kbId, kbName, ...toCatalogue(facts) },
      read(wanted) {
        const found = machinesMissingKb(opened.store, kbId, {
          ...{ after: position?.machineId ?? null, wanted, contained: query.include === 'contained' },
        })
        if (!hasFacts(facts, query)) return none()
        const asked = ({ deadline }: DatedMachine) => isAsked(deadline, query.overdue, atSnapshotId)
        return showBatches(dated(found, deadlines, asked), show, (machineId) => ({ machineId }))
      },
      positionOf: ({ machineId }) => ({ machineId }),
      lookAtMost: SCAN_POLICY.machines,
      fileName: `kb-${kbId}-machines-${dayOf(opened.outside.clock)}`,
    }
  },
})

interface DatedMachine extends MachineMissingKb {
  deadline: Deadline
}

/** The machines of each batch with their deadlines, those that are asked for. */
async function* dated(
  batches: AsyncIterable<Batch<MachineMissingKb, string>>,
  deadlines: Deadlines,
  isWanted: (found: DatedMachine) => boolean,
): AsyncGenerator<Batch<DatedMachine, string>> {
  for await (const { rows, ...place } of batches) {
    await deadlines.know(rows.map(({ interval }) => interval))
    const found = rows.map(({ machine, interval }) => {
      const deadline = deadlines.of({ ...interval, ...beginningOf(interval) }, machine)
      return { machine, interval, deadline }
    })
    yield { rows: found.filter(isWanted), ...place }
  }
}

async function* none(): AsyncGenerator<never> {}

function toMachineMissing(
  { machine, interval, deadline }: DatedMachine,
  { kbId, ...dating }: { kbId: string; facts: CatalogueFacts | undefined; policyName: string; atSnapshotId: string },
): z.infer<typeof machineMissing> {
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
    ...toDeadline(deadline, dating),
    ...toDerived(interval),
    ...(!isSameKb(interval.kbId, kbId) && { containedIn: interval.kbId }),
    lastObservedSnapshotId,
  }
}
