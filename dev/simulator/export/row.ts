import { draw } from '../draw.ts'

/**
 * One row of an export, with the names of the files: a CVE that is open in a product on a machine. The fields are those of
 * https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-vulnerabilities (Properties), and those that published exports
 * have beyond it (`RbacGroupId`, `RecommendedSecurityUpdateUrl`, `CveBatchTitle`, …).
 */
export interface ExportRow {
  /** `{machine}_{vendor}_{product}_{version}_{cve}`; names have `_`, too. */
  Id: string
  DeviceId: string
  DeviceName: string | null
  RbacGroupId: number
  RbacGroupName: string
  OsPlatform: string
  /** With the revision: `10.0.26100.7270`. */
  OsVersion: string
  OsArchitecture: string
  SoftwareVendor: string
  SoftwareName: string
  SoftwareVersion: string
  /** Null for software without a weakness; `TVM-…` for weaknesses that are no CVE. */
  CveId: string | null
  VulnerabilitySeverityLevel: string | null
  CvssScore: number | null
  ExploitabilityLevel: string | null
  /** A bulletin's name; of other vendors a CVE, an advisory, or anything. A name is no KB: Edge has one, and no id. */
  RecommendedSecurityUpdate: string | null
  /** Digits of the KB that fixes this CVE; `USN-7663-1` and the like on Linux. */
  RecommendedSecurityUpdateId: string | null
  RecommendedSecurityUpdateUrl: string | null
  SecurityUpdateAvailable: boolean | null
  RecommendationReference: string
  /** Null on rows of a Windows itself, else a list that may be empty. */
  DiskPaths: readonly string[] | null
  RegistryPaths: readonly string[] | null
  /** `2026-03-10 18:46:02`: when this CVE was found in this product. */
  FirstSeenTimestamp: string
  /** When the software was reported; may be before the first. */
  LastSeenTimestamp: string
  IsOnboarded: boolean
  CveBatchTitle: string | null
  CveBatchUrl: string | null
}

/** How rows are spelt: nulls are left out, and names are as above, unless told. */
export interface Spelling {
  names?: 'camelCase' | 'anyCase'
  nulls?: 'written' | 'emptyStrings'
}

/** One line of a file, without its end. */
export function lineOf(row: ExportRow, spelling: Spelling = {}): string {
  const { names, nulls } = spelling
  if (!names && !nulls) return JSON.stringify(row, leaveNullsOut)
  const spelt = Object.entries(row as unknown as Record<string, unknown>).map(([name, value]) => [
    nameIn(name, names, row.Id),
    value ?? (nulls === 'written' ? null : nulls === 'emptyStrings' && !NO_TEXT.has(name) ? '' : undefined),
  ])
  return JSON.stringify(Object.fromEntries(spelt))
}

/** Members that may be null and are no text. */
const NO_TEXT: ReadonlySet<string> = new Set<keyof ExportRow>(['CvssScore', 'SecurityUpdateAvailable', 'DiskPaths', 'RegistryPaths'])

function leaveNullsOut(_name: string, value: unknown): unknown {
  return value ?? undefined
}

function nameIn(name: string, names: Spelling['names'], rowId: string): string {
  if (names === 'camelCase') return name.charAt(0).toLowerCase() + name.slice(1)
  if (names === undefined) return name
  return [...name].map((letter, at) => (draw('case', rowId, name, at) < 0.5 ? letter.toLowerCase() : letter.toUpperCase())).join('')
}

/** `yyyy-MM-dd HH:mm:ss`, without a zone, as the API has it. */
export function timestampOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
