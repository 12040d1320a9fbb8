import { readText } from '../../defender/index.ts'
import { parseJson } from '../../parse-json.ts'

/** Of a row of the export, the members that are read, in lower case: files have them in PascalCase, the API in camelCase. */
export const MEMBERS = {
  deviceId: 'deviceid',
  osVersion: 'osversion',
  rbacGroupName: 'rbacgroupname',
  productName: 'softwarename',
  lastSeen: 'lastseentimestamp',
  kbName: 'recommendedsecurityupdate',
  kbId: 'recommendedsecurityupdateid',
  url: 'recommendedsecurityupdateurl',
} as const
export type MemberName = keyof typeof MEMBERS

/** The text of each member; null where it is absent, null or empty. */
export type ExportRow = Readonly<Record<MemberName, string | null>>

const NAMES = Object.keys(MEMBERS) as MemberName[]
const BY_LOWER = new Map(NAMES.map((name) => [MEMBERS[name] as string, name]))

/** How a file spells a member, up to the beginning of its text: `DeviceId":"`. */
export type Spelling = Record<MemberName, string>

/** As all files that were seen have it: compact JSON in PascalCase. */
export const PASCAL_CASE: Spelling = {
  deviceId: 'DeviceId":"',
  osVersion: 'OsVersion":"',
  rbacGroupName: 'RbacGroupName":"',
  productName: 'SoftwareName":"',
  lastSeen: 'LastSeenTimestamp":"',
  kbName: 'RecommendedSecurityUpdate":"',
  kbId: 'RecommendedSecurityUpdateId":"',
  url: 'RecommendedSecurityUpdateUrl":"',
}

/** A row that was parsed, and how its line spells what it has. Undefined where the line is no row. */
export function parseRow(line: string): { row: ExportRow; spelling: Partial<Spelling> } | undefined {
  // Trimmed of a byte order mark as well.
  const json = parseObject(Buffer.from(line, 'latin1').toString('utf8').trim())
  if (json === undefined) return undefined
  const row: Record<MemberName, string | null> = { ...NOTHING }
  const spelling: Partial<Spelling> = {}
  for (const [key, value] of Object.entries(json)) {
    const name = BY_LOWER.get(key.toLowerCase())
    if (name === undefined) continue
    row[name] = readText(value)
    const spelled = spellingIn(line, key)
    if (spelled !== undefined) spelling[name] = spelled
  }
  return { row, spelling }
}

const NOTHING = Object.fromEntries(NAMES.map((name) => [name, null])) as Record<MemberName, null>

function parseObject(text: string): object | undefined {
  const json = parseJson(text)
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined
}

/** `DeviceId":"`, with the white space that is around the colon; undefined where no text follows. */
function spellingIn(line: string, key: string): string | undefined {
  const at = line.indexOf(`"${key}"`)
  const behind = at < 0 ? null : /^"\s*:\s*"/.exec(line.slice(at + 1 + key.length, at + 20 + key.length))
  return behind ? key + behind[0] : undefined
}
