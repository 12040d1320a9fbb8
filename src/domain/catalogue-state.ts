/** How the reading of the public sources stands, for all tenants. */
export interface CatalogueState {
  /** Whoever reads them has the rows to itself until then. */
  claimedUntil: string | null
  /** Nothing is to be done before. */
  dueAt: string | null
  /** When all that was to be read was read. */
  refreshedAt: string | null
  /** The UTC day of the counts below, `2026-04-14`. */
  day: string | null
  /** Documents tried on that day. */
  documentsOfDay: number
  /** The day on which the tenants' KBs were last looked through, and the last tenant that was; null: from the first one on. */
  monthsDay: string | null
  monthsAfter: string | null
  /** Months that KBs of the tenants are of, `202604`, those that a machine misses now before the others. */
  months: readonly string[]
  /** The day on which the catalogue of exploited vulnerabilities was last read, and how many entries it had. */
  kevDay: string | null
  kevEntries: number
  /** Failures on end, of the list of documents and of the exploited vulnerabilities. */
  listFailures: number
  kevFailures: number
  /** Something was read that is not in the facts yet. */
  isUnfolded: boolean
}

export const NEW_CATALOGUE: CatalogueState = {
  ...{ claimedUntil: null, dueAt: null, refreshedAt: null, day: null, documentsOfDay: 0 },
  ...{ monthsDay: null, monthsAfter: null, months: [], kevDay: null, kevEntries: 0, listFailures: 0, kevFailures: 0, isUnfolded: false },
}

/** What is known of a document of MSRC's, beside what it says. */
export interface CatalogueDocument {
  documentId: string
  /** The revision that was read, by the list's word; null where none was. */
  revision: string | null
  /** The day on which it was read. */
  readDay: string | null
  /** Read on the day of its release, when much is still to come: to be read again on another, whatever its revision. */
  isProvisional: boolean
  kbs: number
  /** Failures on end, the last of them, and the revision that was asked for then. */
  failures: number
  failedAt: string | null
  failedRevision: string | null
  code: string | null
}

export const UNREAD_DOCUMENT: Omit<CatalogueDocument, 'documentId'> = {
  ...{ revision: null, readDay: null, isProvisional: false, kbs: 0, failures: 0, failedAt: null, failedRevision: null, code: null },
}

/** Longer, and facts may be out of date: a refresh is due once a day, and what fails is tried again for a day. */
const STALE_AFTER_MS = 3 * 86_400_000

/** How the catalogue stands, for people: whether it is read at all, and since when it is not. */
export interface CatalogueStanding {
  status: 'off' | 'never' | 'fresh' | 'stale'
  refreshedAt?: string
}

/** @forTests */
export function catalogueStanding({ isOn }: { isOn: boolean }, { refreshedAt }: CatalogueState, nowMs: number): CatalogueStanding {
  const at = refreshedAt === null ? {} : { refreshedAt }
  if (!isOn) return { status: 'off', ...at }
  if (refreshedAt === null) return { status: 'never' }
  return { status: nowMs - Date.parse(refreshedAt) > STALE_AFTER_MS ? 'stale' : 'fresh', ...at }
}
