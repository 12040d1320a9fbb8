import type { KbFact } from '../catalog.ts'
import { draw, drawIndex, drawShare } from '../draw.ts'
import { nameOf } from './bulletin.ts'

export interface Cve {
  cveId: string
  severity: string
  score: number
  exploitability: string
  /** Name of the bulletin by which it is fixed, as its rows tell it. */
  bulletin: string
}

/** No KB of the catalogue fixes more. */
const MOST_CVES = 200

const EXPLOITABILITY = [
  { level: 'NoExploit', share: 0.94 },
  { level: 'ExploitIsPublic', share: 0.03 },
  { level: 'ExploitIsVerified', share: 0.02 },
  { level: 'ExploitIsInKit', share: 0.01 },
] as const

/** The first so many of the CVEs that the KB fixes. The catalogue says how many there are; their ids are made up, no two KBs have one in common. */
export function cvesOf(kb: KbFact, count: number): Cve[] {
  const year = kb.released.slice(0, 4)
  const first = (Number(kb.id) % 100_000) * MOST_CVES
  return Array.from({ length: Math.min(count, kb.cves) }, (_, index) => cveOf(`CVE-${year}-${first + index}`, bulletinOf(kb, index)))
}

/**
 * Bulletins are named by CVE: a KB that fixes an old CVE once more is told by the old name there. The first never is, so that most rows of
 * a KB, however few there are, tell its own.
 */
function bulletinOf(kb: KbFact, index: number): string {
  const isOlder = index >= 3 && draw('older bulletin', kb.id, index) < 0.03
  return isOlder ? bulletinBefore(kb, 1 + drawIndex(8, 'how much older', kb.id, index)) : kb.name
}

function bulletinBefore({ released }: KbFact, months: number): string {
  const date = new Date(`${released.slice(0, 7)}-01`)
  date.setUTCMonth(date.getUTCMonth() - months)
  return `${nameOf(date.getTime())} Security Updates`
}

/** What is known of a CVE, whatever it is in. */
export function cveOf(cveId: string, bulletin: string): Cve {
  const score = Math.round(30 + draw('score', cveId) * 69) / 10
  const severity = score >= 9 ? 'Critical' : score >= 7 ? 'High' : score >= 4 ? 'Medium' : 'Low'
  return { cveId, severity, score, exploitability: drawShare(EXPLOITABILITY, 'exploitability', cveId).level, bulletin }
}
