import { z } from 'zod'
import { byExploited, byText, type Kb } from '../../domain/index.ts'
import type { Batch } from '../../history/batch.ts'
import { Deadlines } from '../../history/deadlines.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { defineListRoute } from '../define-list-route.ts'
import { exploitedParameter, type FactFilter, hasFacts, severityParameter } from '../fact-parameters.ts'
import { dayOf } from '../file-name.ts'
import { wholeList } from '../list.ts'
import { pageSizeOf } from '../page.ts'
import { wordParameter } from '../parameter.ts'
import { kbSchema, machinesOverdue, toKb } from '../shapes/kb.ts'
import { kbIdPosition } from '../shapes/values.ts'

const position = z.object({ kbId: kbIdPosition })
type Position = z.infer<typeof position>

/** Looked through for one page of a filtered list: 20 requests of storage. */
const MOST_LOOKED_AT = 20_000

export const kbsRoute = defineListRoute({
  name: 'kbs',
  path: 'kbs',
  summary:
    'All KBs that a machine was ever seen missing, by id. With filters a page may be short, even empty, and still be followed by others.',
  parameters: {
    severity: severityParameter.optional(),
    exploited: exploitedParameter.optional(),
    overdue: wordParameter(
      ['true', 'false', 'unknown'],
      'true: KBs that a machine should have had by the newest ended snapshot; false: of which no machine should; unknown: of which nothing is known.',
    ).optional(),
    sort: wordParameter(
      ['exploited'],
      'exploited: those that are exploited first, then by severity, then by machines that miss them.',
    ).optional(),
  },
  params: z.strictObject({}),
  pages: { size: { highest: 10_000, standard: 1000 }, position },
  head: {},
  rows: 'kbs',
  row: kbSchema,
  async list(opened, { query: { sort, ...filter }, position }) {
    const fileName = `kbs-${dayOf(opened.outside.clock)}`
    if (sort !== undefined) return { head: {}, ...(await sorted(opened, filter, position)), fileName }
    const isFiltered = filter.exploited !== undefined || filter.overdue !== undefined || (filter.severity?.length ?? 0) > 0
    return {
      head: {},
      read: (wanted) => batches(opened, filter, { after: position?.kbId ?? null, pageSize: isFiltered ? 1000 : pageSizeOf(wanted) }),
      positionOf,
      lookAtMost: MOST_LOOKED_AT,
      fileName,
    }
  },
})

const positionOf = ({ kbId }: { kbId: string }): Position => ({ kbId })

interface KbFilter extends FactFilter {
  overdue?: 'true' | 'false' | 'unknown' | undefined
}

/** What is overdue was counted at the snapshot's end. */
function isWanted(kb: Kb, deadlines: Deadlines, filter: KbFilter): boolean {
  const facts = deadlines.facts(kb.kbId)
  const overdue = machinesOverdue(kb, facts)
  const word = overdue === null ? 'unknown' : String(overdue > 0)
  return hasFacts(facts, filter) && (filter.overdue === undefined || filter.overdue === word)
}

/** Pages of KBs with what is known of them, those that are asked for. */
async function* batches(
  opened: OpenTenant,
  filter: KbFilter,
  from: { after: string | null; pageSize: number },
): AsyncGenerator<Batch<ReturnType<typeof toKb>, Position>> {
  const deadlines = new Deadlines(opened)
  for await (const page of opened.store.kbs.pages(from)) {
    const last = page.at(-1)
    await deadlines.describe(page)
    const rows = page.filter((kb) => isWanted(kb, deadlines, filter)).map((kb) => toKb(kb, deadlines.facts(kb.kbId)))
    yield { rows, looked: page.length, at: last && positionOf(last) }
  }
}

/** A tenant has a few thousand KBs: all are read, and the page taken from where it goes on. */
async function sorted(opened: OpenTenant, filter: KbFilter, position: Position | undefined) {
  const kbs: Kb[] = []
  for await (const page of opened.store.kbs.pages()) kbs.push(...page)
  const deadlines = new Deadlines(opened)
  await deadlines.describe(kbs)
  const rows = kbs
    .filter((kb) => isWanted(kb, deadlines, filter))
    .sort(
      (a, b) =>
        byExploited(deadlines.facts(a.kbId), deadlines.facts(b.kbId)) || b.machinesMissing - a.machinesMissing || byText(a.kbId, b.kbId),
    )
    .map((kb) => toKb(kb, deadlines.facts(kb.kbId)))
  return { ...wholeList(rows.slice(rows.findIndex(({ kbId }) => kbId === position?.kbId) + 1)), positionOf }
}
