import { type CatalogueDocument, dayAt, UNREAD_DOCUMENT } from '../domain/index.ts'
import type { DocumentContribution } from './contribution.ts'
import { decodeContribution, encodeContribution } from './contribution-format.ts'
import { plan, type PlanFacts } from './plan.ts'
import { CATALOGUE_POLICY, retryDelayMs } from './policy.ts'
import { DocumentReader, type ExploitedSince, WANTED_OF_DOCUMENT } from './read-document.ts'
import { readJson, type SourceFault } from './read-json.ts'
import type { Update } from './read-updates.ts'
import { type RefreshRun, tellFault } from './refresh-run.ts'

type Facts = Omit<PlanFacts, 'nowMs' | 'documents'> & { documents: Map<string, CatalogueDocument> }

/** What the documents of a run came to. */
export interface DocumentsRead {
  read: number
  failed: number
  /** Due, and not begun: the day's number, or the run's time, is used up. */
  waiting: number
}

/** Reads what is due, one document after the other; each is written before the next is begun. */
export async function refreshDocuments(run: RefreshRun, facts: Facts): Promise<DocumentsRead> {
  const came: DocumentsRead = { read: 0, failed: 0, waiting: 0 }
  const due = plan({ ...facts, nowMs: run.nowMs() })
  for (const [index, update] of due.entries()) {
    if (isUsedUp(run)) return { ...came, waiting: due.length - index }
    const isRead = await refreshDocument(run, update, facts.documents)
    came[isRead ? 'read' : 'failed']++
  }
  return came
}

/** Whether no other document may be tried on this day. */
export const isDayUsedUp = ({ claim, nowMs }: RefreshRun): boolean => triedToday(claim.state, nowMs()) >= CATALOGUE_POLICY.documentsADay

const isUsedUp = (run: RefreshRun) => isDayUsedUp(run) || run.nowMs() - run.startedMs >= CATALOGUE_POLICY.runMs

const triedToday = ({ day, documentsOfDay }: { day: string | null; documentsOfDay: number }, nowMs: number) =>
  day === dayAt(nowMs) ? documentsOfDay : 0

async function refreshDocument(run: RefreshRun, update: Update, documents: Map<string, CatalogueDocument>): Promise<boolean> {
  const { claim, nowMs } = run
  const { documentId, revision } = update
  const known = documents.get(documentId) ?? { documentId, ...UNREAD_DOCUMENT }
  const came = await readDocument(run, update, known)
  const counts = { day: dayAt(nowMs()), documentsOfDay: triedToday(claim.state, nowMs()) + 1 }
  if ('fault' in came) {
    const failures = known.failures + 1
    const failed = { ...known, failures, failedAt: new Date(nowMs()).toISOString(), failedRevision: revision, code: came.fault.code }
    await claim.write(counts, { documents: [failed] })
    documents.set(documentId, failed)
    tellFault(run, documentId, came.fault, failures, nowMs() + retryDelayMs(failures))
    return false
  }
  const readDay = dayAt(nowMs())
  const of = { revision, readDay, isProvisional: readDay <= update.initialDay, kbs: came.kbs }
  const read = { documentId, ...UNREAD_DOCUMENT, ...of }
  await claim.write({ ...counts, isUnfolded: true }, { documents: [read], texts: [{ name: documentId, text: came.text }] })
  documents.set(documentId, read)
  return true
}

/** What a document says, as text; a fault where it is not to be believed: what was known of it stays. */
async function readDocument(
  { services, way, nowMs }: RefreshRun,
  { documentId }: Update,
  known: CatalogueDocument,
): Promise<{ text: string; kbs: number } | { fault: SourceFault }> {
  const { store, config, outside } = services
  const listener = new DocumentReader()
  const url = `${config.catalogue.msrcUrl}/cvrf/${documentId}`
  const fault = await readJson({ url, wanted: WANTED_OF_DOCUMENT, limits: CATALOGUE_POLICY.answers.document, listener }, way)
  if (fault) return { fault }
  const before = known.revision === null ? undefined : decodeContribution(documentId, (await store.catalogue.text(documentId)) ?? '')
  const read = listener.finish(documentId, sinceWhen(before, dayAt(nowMs())))
  if (read.kind === 'refused') return { fault: { code: read.code, detail: REFUSALS[read.code] } }
  if (read.unreadable > 0) outside.log.warn('catalogue.leftOut', { source: documentId, unreadable: read.unreadable })
  const kbs = read.document.kbs.length
  if (kbs < known.kbs * CATALOGUE_POLICY.leastShareOfKbs)
    return { fault: { code: 'shrunk', detail: `it has ${kbs} KBs, and had ${known.kbs}` } }
  const text = encodeContribution(read.document)
  const most = CATALOGUE_POLICY.largestContributionCharacters
  return text.length > most ? { fault: { code: 'tooMuch', detail: `its KBs take more than ${most} characters` } } : { text, kbs }
}

const REFUSALS = {
  noTracking: 'it does not say which document it is, and of when',
  otherDocument: 'it is another document than the one asked for',
  noKb: 'it has no KB',
}

/**
 * A vulnerability that is exploited now and was not when the document was read before is so since today. Of one that was not known, the last
 * revision is the latest day on which MSRC can have said so: nothing is said without a revision.
 */
function sinceWhen(before: DocumentContribution | undefined, today: string): ExploitedSince {
  const known = new Map(before?.cves.map(({ cve, exploitedSince }) => [cve, exploitedSince]))
  return ({ cve, lastDay }) => known.get(cve) ?? (known.has(cve) ? today : (lastDay ?? today))
}
