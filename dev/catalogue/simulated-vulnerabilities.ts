import type { FixFacts, VulnerabilityFacts } from './wire.ts'
import { groupsOf, type SimulatedKb } from './simulated-kbs.ts'

const SCORES: Readonly<Record<string, number>> = { Critical: 9.8, Important: 7.8, Moderate: 5.5, Low: 3.1 }

/**
 * As many vulnerabilities as the KBs close by their facts, and as many of them exploited: KBs of one day, one kind and one severity share
 * them, as they do in truth. The first of each kind is as bad as the KB; no other is critical.
 */
export function vulnerabilitiesOf(kbs: readonly SimulatedKb[], most: number): VulnerabilityFacts[] {
  const pools = groupsOf(kbs, (kb) => `${kb.released} ${kindOf(kb)} ${kb.severity}`)
  return [...pools.values()].flatMap((pool, index) => [
    ...upTo(Math.min(most, Math.max(...pool.map(({ exploited }) => exploited))), (place) => {
      const closing = pool.filter(({ exploited }) => exploited > place)
      return toVulnerability(closing, cveOf(pool, index, place), place === 0, true)
    }),
    ...upTo(Math.min(most, Math.max(...pool.map(({ cves, exploited }) => cves - exploited))), (place) => {
      const closing = pool.filter(({ cves, exploited }) => cves - exploited > place)
      return toVulnerability(closing, cveOf(pool, index, 500 + place), place === 0, false)
    }),
  ])
}

const upTo = <T>(count: number, make: (place: number) => T): T[] => Array.from({ length: Math.max(0, count) }, (_, place) => make(place))

const kindOf = ({ products }: SimulatedKb) => (products.some((word) => word.startsWith('windows_')) ? 'windows' : (products[0] ?? ''))

/** No CVE that is anybody's: of eight digits. */
function cveOf([kb]: readonly SimulatedKb[], pool: number, place: number): string {
  const { released = '' } = kb ?? {}
  const month = Number(released.slice(5, 7))
  return `CVE-${released.slice(0, 4)}-${10_000_000 + month * 1_000_000 + pool * 1_000 + place}`
}

function toVulnerability(kbs: readonly SimulatedKb[], cve: string, isWorst: boolean, exploited: boolean): VulnerabilityFacts {
  const [first] = kbs
  const severity = isWorst || first?.severity !== 'Critical' ? (first?.severity ?? '') : 'Important'
  const fixes = kbs.flatMap((kb): readonly FixFacts[] => kb.fixes)
  const productIds = [...new Set(fixes.flatMap((fix) => fix.productIds))]
  const baseScore = SCORES[severity]
  return {
    ...{ cve, exploited, fixes, severities: [{ severity, productIds }] },
    scores: baseScore === undefined ? [] : [{ baseScore, productIds }],
    revisions: [`${first?.released ?? ''}T07:00:00`],
  }
}
