import { cohortOf, dayAt } from '../domain/index.ts'
import { CATALOGUE_POLICY } from './policy.ts'
import type { RefreshRun } from './refresh-run.ts'

/** What a look through the tenants found. */
interface Looked {
  missing: Set<string>
  other: Set<string>
  /** The tenant to go on behind on another day; null where all were looked through. */
  after: string | null
}

/**
 * The months that the tenants' KBs are of, those that a machine misses now first, and the newest first within either. It is found out once a
 * day, of many tenants some each day.
 */
export async function neededMonths(run: RefreshRun): Promise<readonly string[]> {
  const { claim, nowMs } = run
  const { monthsDay, monthsAfter, months: before } = claim.state
  const today = dayAt(nowMs())
  if (monthsDay === today) return before
  const { missing, other, after } = await lookThrough(run, monthsAfter)
  const isAll = monthsAfter === null && after === null
  const months = [...new Set([...newestFirst(missing), ...(isAll ? [] : before), ...newestFirst(other)])]
  await claim.write({ monthsDay: today, monthsAfter: after, months })
  return months
}

const newestFirst = (months: ReadonlySet<string>): string[] => [...months].sort().reverse()

async function lookThrough({ services }: RefreshRun, behind: string | null): Promise<Looked> {
  const looked: Looked = { missing: new Set(), other: new Set(), after: null }
  let pages = 0
  for await (const tenantId of tenantIds(services, behind)) {
    if (pages >= CATALOGUE_POLICY.tenantPagesADay) return looked
    for await (const kbs of services.store.of(tenantId).kbs.pages()) {
      pages++
      for (const kb of kbs) looked[kb.machinesMissing > 0 ? 'missing' : 'other'].add(kb.cohort ?? cohortOf(kb))
    }
    looked.after = tenantId
  }
  return { ...looked, after: null }
}

async function* tenantIds(services: RefreshRun['services'], behind: string | null): AsyncGenerator<string> {
  if (services.kind === 'one') {
    yield services.tenantId
    return
  }
  for await (const { tenants } of services.store.tenants.pages([], behind ?? '')) for (const { tenantId } of tenants) yield tenantId
}
