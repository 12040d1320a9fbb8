/** Microsoft's words for how bad a vulnerability is, the worst first. https://www.microsoft.com/msrc/security-update-severity-rating-system */
export const SEVERITIES = ['Critical', 'Important', 'Moderate', 'Low'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The worse of two; what is unknown is no "low". */
export function worseSeverity(one: Severity | null, other: Severity | null): Severity | null {
  if (one === null || other === null) return one ?? other
  return SEVERITIES.indexOf(one) <= SEVERITIES.indexOf(other) ? one : other
}

/** Updates of one product that follow one another: an update replaces those of its own class only. */
export const UPDATE_CLASSES = ['cumulative', 'hotpatch', 'rollup', 'securityOnly', 'servicingStack', 'internetExplorer'] as const
export type UpdateClass = (typeof UPDATE_CLASSES)[number]

/**
 * How the day of release is known: that of the document with most of the KB's vulnerabilities (`document`), or the day on which most of them
 * were first published, where that is another one of the month (`firstRevisions`: out of band).
 */
export const RELEASE_RULES = ['document', 'firstRevisions'] as const
export type ReleaseRule = (typeof RELEASE_RULES)[number]

/** How a successor is known: by the order of builds within the product, or by what a later KB says it supersedes. */
export const SUCCESSOR_RULES = ['fixedBuild', 'supercedence'] as const
export type SuccessorRule = (typeof SUCCESSOR_RULES)[number]

/** What the public sources say of a KB for one product of theirs. */
export interface KbProductFacts {
  /** MSRC's id, the same in all its documents. */
  productId: string
  /** e.g. `Windows 11 Version 24H2 for x64-based Systems`. */
  name: string
  /** The worst; null where none is given: unknown, never "low". */
  severity: Severity | null
  /** The highest CVSS base score. */
  cvss: number | null
  /** e.g. `10.0.26100.7462`: the build that the update brings; of Windows only. */
  fixedBuild: string | null
  updateClass: UpdateClass
  supersededBy: { kbIds: readonly string[]; rule: SuccessorRule } | null
}

/** An entry of CISA's catalogue of known exploited vulnerabilities. Days, `2026-04-14`; a due day may even be before the day of listing. */
export interface KevEntry {
  dateAdded: string
  dueDate: string
  /** Known to be used in ransomware campaigns. */
  ransomware: boolean
}

/** A vulnerability of a KB that is exploited. */
export interface ExploitedCve {
  cve: string
  /** The first day on which MSRC was seen here to say so; null where only CISA does. */
  msrcSince: string | null
  kev: KevEntry | null
}

/** What the public sources say of a KB, of all its products: one copy for all tenants. */
export interface KbFacts {
  /** Digits alone: `catalogueKbId` of the id that Defender gives. */
  kbId: string
  /** The day of release, `2026-04-14`, and for how many of its vulnerabilities that is the first day. */
  released: { day: string; rule: ReleaseRule; cvesAgreeing: number }
  /** Vulnerabilities that it closes. */
  cves: number
  /** The document with most of them, `2026-Apr`, and the instant of the revision that was read. */
  document: { id: string; revisedAt: string }
  products: readonly KbProductFacts[]
  /** Those of its vulnerabilities that are exploited, by MSRC or CISA. */
  exploited: readonly ExploitedCve[]
}

/** The id of a KB in the catalogue, `KB5094127` and `5094127` -> `5094127`; undefined for what is no number of a KB. */
export const catalogueKbId = (kbId: string): string | undefined => /^(?:kb *)?(\d{6,8})$/i.exec(kbId.trim())?.[1]

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The month of a document, `2026-Apr`, also of one out of band, `2017-May-B` -> `202604`, `201705`; undefined for what is no id of one. */
export function bulletinOf(documentId: string): string | undefined {
  const [, year, month] = /^(20\d\d)-([A-Z][a-z]{2})(?:-[A-Z])?$/.exec(documentId) ?? []
  const index = month === undefined ? -1 : MONTHS.indexOf(month)
  return year === undefined || index < 0 ? undefined : `${year}${String(index + 1).padStart(2, '0')}`
}
