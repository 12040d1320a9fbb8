import { z } from 'zod'
import { isSnapshotId, type Machine, SHOWN_STATES } from '../../domain/index.ts'
import { type Batch, toBatches } from '../../history/batch.ts'
import { Deadlines } from '../../history/deadlines.ts'
import { missingSuch, withBehind } from '../../history/machine-facts.ts'
import { filteredMachines, isAmongInState, type StateFilter } from '../../history/machine-filter.ts'
import { SCAN_POLICY } from '../../history/read-policy.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { defineListRoute } from '../define-list-route.ts'
import {
  exploitedParameter,
  type FactFilter,
  hasFacts,
  isAsked,
  overdueParameter,
  type OverdueWord,
  severityParameter,
} from '../fact-parameters.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { pageSizeOf } from '../page.ts'
import { nameBeginningParameter, nameParameter, rbacGroupParameter, wordParameter } from '../parameter.ts'
import { ProblemError } from '../problem.ts'
import { latestSnapshotId, requireLatest } from '../resolve.ts'
import { behindShape, toBehind } from '../shapes/behind.ts'
import { toMachine } from '../shapes/machine.ts'
import { snapshotRefSchema, toSnapshotRef } from '../shapes/snapshot-ref.ts'
import { topMachineSchema, toTopMachine } from '../shapes/top.ts'
import { machineIdPosition } from '../shapes/values.ts'

/** The list that an order takes the first machines from. */
const LISTS = { oldest: 'oldestMachines', missing: 'worstMachines', unknownSince: 'longUnknown' } as const
const SORTS = ['oldest', 'missing', 'unknownSince'] as const

/** With sort, the snapshot that the list is of. */
const placeInList = z.object({ machineId: machineIdPosition, snapshotId: z.string().refine(isSnapshotId).optional() })
type Position = z.infer<typeof placeInList>

export const machinesRoute = defineListRoute({
  name: 'machines',
  path: 'machines',
  summary:
    'All machines ever listed, by id; with sort, the first 100 by what the newest snapshot counted. With filters a page may be short, even empty, and still be followed by others.',
  parameters: {
    q: nameBeginningParameter.optional(),
    rbacGroup: rbacGroupParameter.optional(),
    osPlatform: nameParameter('Only machines of this platform.').optional(),
    state: wordParameter(SHOWN_STATES, 'Only machines in this state.').optional(),
    severity: severityParameter.optional(),
    exploited: exploitedParameter.optional(),
    overdue: overdueParameter.optional(),
    sort: wordParameter(
      SORTS,
      'oldest: exposed for longest; missing: most KBs; unknownSince: without an observation for longest. The first 100 of all, of which filters take a part.',
    ).optional(),
  },
  params: z.strictObject({}),
  pages: { size: { highest: 10_000, standard: 1000 }, position: placeInList },
  head: {
    asOf: snapshotRefSchema.optional().describe('With sort: the snapshot that counted.'),
    complete: z
      .boolean()
      .optional()
      .describe('With sort: whether these are all that there are in that order; false where more than are kept.'),
  },
  rows: 'machines',
  row: topMachineSchema.extend(behindShape),
  async list(opened, { query, position }) {
    const { sort, q: namePrefix, rbacGroup: rbacGroupName, osPlatform, state, ...asked } = query
    const isByFacts = isAskedByFacts(asked)
    const filter = { namePrefix, rbacGroupName, osPlatform, state }
    const fileName = `machines-${dayOf(opened.outside.clock)}`
    if (sort !== undefined && isByFacts) throw notBySort()
    if (sort !== undefined) return { ...(await sorted(opened, sort, filter, position)), fileName }
    const isFiltered = isByFacts || Object.values(filter).some((value) => value !== undefined)
    const atSnapshotId = await latestSnapshotId(opened)
    return {
      head: {},
      read(wanted) {
        const pages = opened.store.machines.pages({ after: position?.machineId ?? null, pageSize: isFiltered ? 1000 : pageSizeOf(wanted) })
        const machines = isFiltered ? filteredMachines(pages, filter, itself, idOf) : toBatches(pages, itself, idOf)
        return shown(opened, isByFacts ? byFacts(opened, machines, asked, atSnapshotId) : machines, atSnapshotId)
      },
      positionOf,
      lookAtMost: SCAN_POLICY.machines,
      fileName,
    }
  },
})

const positionOf = ({ machineId }: { machineId: string }): Position => ({ machineId })
const itself = (machine: Machine) => machine
const idOf = ({ machineId }: { machineId: string }) => machineId

interface AskedByFacts extends FactFilter {
  overdue?: OverdueWord | undefined
}

const isAskedByFacts = ({ severity = [], exploited, overdue }: AskedByFacts) =>
  severity.length > 0 || exploited !== undefined || overdue !== undefined

/** Those that miss a KB which is all that is asked for. */
function byFacts(opened: OpenTenant, machines: AsyncIterable<Batch<Machine, string>>, asked: AskedByFacts, atSnapshotId: string | null) {
  return missingSuch(
    machines,
    opened.store,
    new Deadlines(opened),
    (facts, deadline) => hasFacts(facts, asked) && isAsked(deadline, asked.overdue, atSnapshotId ?? ''),
  )
}

async function* shown(opened: OpenTenant, batches: AsyncIterable<Batch<Machine, string>>, atSnapshotId: string | null) {
  for await (const { rows, looked, at } of batches) {
    const behind = await withBehind(rows, opened, atSnapshotId)
    const machines = behind.map((one) => ({ ...toMachine(one.machine), ...toBehind(one.behind) }))
    yield { rows: machines, looked, at: at === undefined ? undefined : { machineId: at } }
  }
}

const notBySort = () =>
  new ProblemError('invalidParameter', 'sort cannot be given with severity, exploited or overdue: the lists that it takes do not tell.', {
    parameter: 'sort',
  })

async function sorted(opened: OpenTenant, sort: (typeof SORTS)[number], filter: StateFilter, position: Position | undefined) {
  const { asOf } = await requireLatest(opened)
  if (position && position.snapshotId !== asOf.snapshotId) throw countedAnew()
  const list = (await opened.store.trends.top(asOf.snapshotId))[LISTS[sort]]
  const items = list?.items ?? []
  const rows = items.filter((item) => isAmongInState(item, filter)).map((item) => toTopMachine(item, asOf.snapshotId))
  const behind = rows.slice(rows.findIndex(({ machineId }) => machineId === position?.machineId) + 1)
  return {
    ...wholeList(behind),
    positionOf: ({ machineId }: { machineId: string }): Position => ({ machineId, snapshotId: asOf.snapshotId }),
    head: { asOf: toSnapshotRef(asOf), complete: list !== undefined && items.length === list.total },
  }
}

const countedAnew = () =>
  new ProblemError(
    'invalidParameter',
    'cursor must be of the newest ended snapshot; the list was counted anew since. Ask for its beginning.',
    {
      parameter: 'cursor',
    },
  )
