import type { Severity, UpdateClass } from '../domain/index.ts'

/** What a document says of a KB for one product. */
export interface ProductContribution {
  productId: string
  severity: Severity | null
  cvss: number | null
  /** Of Windows only. */
  fixedBuild: string | null
  updateClass: UpdateClass
  /** KBs that it supersedes, by its own word. */
  supersedes: readonly string[]
}

/** What a document says of a KB: a small part of what others may say of it too. */
export interface KbContribution {
  kbId: string
  /** Places in the document's own list of vulnerabilities. */
  cves: readonly number[]
  /** On which days they were first published, and how many. */
  firstDays: readonly { day: string; cves: number }[]
  products: readonly ProductContribution[]
}

/** All that is kept of a document: facts, and none of its texts. */
export interface DocumentContribution {
  /** `2026-Apr` */
  id: string
  initialDay: string
  /** The instant of its revision. */
  revisedAt: string
  /** Names by MSRC's id, of the products that its KBs are for. */
  productNames: Readonly<Record<string, string>>
  /** Vulnerabilities that a KB closes; `exploitedSince` is the first day on which MSRC was seen to say so. */
  cves: readonly { cve: string; exploitedSince: string | null }[]
  kbs: readonly KbContribution[]
}
