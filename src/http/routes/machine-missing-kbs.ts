import { z } from 'zod'
import {
  beginningOf,
  byExploited,
  byText,
  daysMissing,
  type Deadline,
  type Interval,
  type Machine,
  missingAt,
  NO_DEADLINE,
  snapshotStartAt,
  wasObservedBy,
  withExposures,
} from '../../domain/index.ts'
import { containedKbs } from '../../history/contained.ts'
import { withLatestAttributes } from '../../history/latest-kb-attributes.ts'
import { Deadlines } from '../../history/deadlines.ts'
import { machineAssessment } from '../../history/machine-assessment.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import {
  exploitedParameter,
  type FactFilter,
  hasFacts,
  isAsked,
  overdueParameter,
  type OverdueWord,
  severityParameter,
} from '../fact-parameters.ts'
import { machineIdParameter, momentParameter, wordParameter } from '../parameter.ts'
import { requireMachine, requireSnapshot, requireTenant } from '../resolve.ts'
import { defineListRoute } from '../define-list-route.ts'
import { wholeList } from '../list.ts'
import { catalogueShape, toCatalogue } from '../shapes/catalogue.ts'
import { deadlineShape, toDeadline } from '../shapes/deadline.ts'
import { containedIn, derivedShape, includeParameter, toDerived } from '../shapes/derived.ts'
import { exposureShape, toExposure } from '../shapes/exposure.ts'
import { gapShape, toOpenGap } from '../shapes/gap.ts'
import { kbAttributes, toKbAttributes } from '../shapes/kb.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { count, instant, snapshotId } from '../shapes/values.ts'

const SORTS = ['exploited', 'due'] as const

const missingKb = z.object({
  ...kbAttributes,
  firstMissingAt: instant,
  daysMissing: count.describe('Whole days from firstMissingAt to `at`.'),
  ...exposureShape,
  ...deadlineShape,
  ...derivedShape,
  ...catalogueShape,
  containedIn,
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
  parameters: {
    at: momentParameter('The snapshot; the latest if left out.', 'latest').optional(),
    include: includeParameter,
    severity: severityParameter.optional(),
    exploited: exploitedParameter.optional(),
    overdue: overdueParameter.optional(),
    sort: wordParameter(
      SORTS,
      'exploited: those that are exploited first, the worst of them first; due: the earliest due first.',
    ).optional(),
  },
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
    const missingKbs = await missingKbsAt(opened, { machine: row, intervals, atSnapshotId: at.snapshotId }, query)
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

interface Asked extends FactFilter {
  include?: 'contained' | undefined
  overdue?: OverdueWord | undefined
  sort?: (typeof SORTS)[number] | undefined
}

type MissingKbRow = z.infer<typeof missingKb>

async function missingKbsAt(
  opened: OpenTenant,
  { machine, intervals, atSnapshotId }: { machine: Machine; intervals: readonly Interval[]; atSnapshotId: string },
  asked: Asked,
): Promise<MissingKbRow[]> {
  const exposed = withExposures(intervals)
  const missing = await withLatestAttributes(opened.store, missingAt(exposed, atSnapshotId))
  const contained = asked.include === 'contained' ? containedKbs(missing, exposed) : []
  const within = await withLatestAttributes(
    opened.store,
    contained.map(({ interval }) => interval),
  )
  const deadlines = new Deadlines(opened)
  await deadlines.describe([...missing, ...within])
  await deadlines.know(missing)
  const rows = missing.map((interval) => {
    const deadline = deadlines.of({ ...interval, ...beginningOf(interval) }, machine)
    return { deadline, row: toMissingKb(interval, deadline, deadlines, atSnapshotId) }
  })
  // They are due with the KB that contains them.
  const ofContained = within.map((interval, index) => ({
    deadline: NO_DEADLINE,
    row: {
      ...toMissingKb(interval, NO_DEADLINE, deadlines, atSnapshotId),
      ...{ containedIn: contained[index]?.containedIn ?? interval.kbId },
    },
  }))
  const wanted = [...rows, ...ofContained].filter(
    ({ deadline, row }) => hasFacts(deadlines.facts(row.kbId), asked) && isAsked(deadline, asked.overdue, atSnapshotId),
  )
  return sorted(
    wanted.map(({ row }) => row),
    asked.sort,
    deadlines,
  )
}

function sorted(rows: MissingKbRow[], sort: Asked['sort'], deadlines: Deadlines): MissingKbRow[] {
  if (sort === 'exploited')
    return rows.sort((a, b) => byExploited(deadlines.facts(a.kbId), deadlines.facts(b.kbId)) || byText(a.kbId, b.kbId))
  if (sort === 'due') return rows.sort((a, b) => byText(a.dueAt ?? '~', b.dueAt ?? '~') || byText(a.kbId, b.kbId))
  return rows
}

function toMissingKb(interval: Interval, deadline: Deadline, deadlines: Deadlines, atSnapshotId: string): MissingKbRow {
  const facts = deadlines.facts(interval.kbId)
  return {
    ...toKbAttributes(interval),
    firstMissingAt: snapshotStartAt(interval.appearedSnapshotId),
    daysMissing: daysMissing(interval.appearedSnapshotId, atSnapshotId),
    ...toExposure(interval, atSnapshotId),
    ...toDeadline(deadline, { facts, policyName: deadlines.policyName, atSnapshotId }),
    ...toDerived(interval),
    ...toCatalogue(facts),
  }
}
