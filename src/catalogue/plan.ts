import { bulletinOf, byText, type CatalogueDocument, DAY_MS, dayAt } from '../domain/index.ts'
import { CATALOGUE_POLICY, retryDelayMs } from './policy.ts'
import type { Update } from './read-updates.ts'

/** What a plan is made of. */
export interface PlanFacts {
  updates: readonly Update[]
  documents: ReadonlyMap<string, CatalogueDocument>
  /** Months that are needed, the most urgent first. */
  months: readonly string[]
  nowMs: number
}

/**
 * The documents that are due, in the order in which they are to be read: known ones that moved, or were read on the day of their release,
 * then those of months that are needed, the newest first within either.
 */
export function plan({ updates, documents, months, nowMs }: PlanFacts): Update[] {
  const known: Update[] = []
  const needed: Update[] = []
  for (const update of [...updates].sort((a, b) => byText(b.initialDay, a.initialDay) || byText(a.documentId, b.documentId))) {
    const document = documents.get(update.documentId)
    if (document && retryAtMs(document, update) > nowMs) continue
    if (document && document.revision !== null) {
      if (document.revision !== update.revision || isStillProvisional(document, nowMs)) known.push(update)
    } else if (months.includes(monthOf(update))) needed.push(update)
  }
  needed.sort((a, b) => months.indexOf(monthOf(a)) - months.indexOf(monthOf(b)))
  return [...known, ...needed]
}

const monthOf = ({ documentId }: Update): string => bulletinOf(documentId) ?? ''

const isStillProvisional = ({ isProvisional, readDay }: CatalogueDocument, nowMs: number) => isProvisional && dayAt(nowMs) > (readDay ?? '')

/** When a document may be asked for again; one that has moved since it failed may at once. */
function retryAtMs({ failures, failedAt, failedRevision }: CatalogueDocument, { revision }: Update): number {
  return failures === 0 || failedRevision !== revision ? 0 : Date.parse(failedAt ?? '') + retryDelayMs(failures)
}

/** When there is something to do again: at a retry of what failed, else at the next day's hour. */
export function nextDueMs({ updates, documents, nowMs }: Omit<PlanFacts, 'months'>): number {
  const retries = updates.flatMap((update) => {
    const document = documents.get(update.documentId)
    return document && document.failures > 0 ? [retryAtMs(document, update)] : []
  })
  return Math.min(nextRefreshMs(nowMs), ...retries.filter((ms) => ms > nowMs))
}

/** The hour of refreshing that comes next. */
export function nextRefreshMs(nowMs: number): number {
  const hour = CATALOGUE_POLICY.refreshHourUtc * 3_600_000
  return Math.floor((nowMs - hour) / DAY_MS) * DAY_MS + hour + DAY_MS
}
