/** Of a document of MSRC's, what is looked at here. */
interface PlainDocument {
  DocumentTracking: { InitialReleaseDate: string }
  ProductTree: { FullProductName: { ProductID: string; Value: string }[] }
  Vulnerability: PlainVulnerability[]
}

interface PlainVulnerability {
  CVE: string
  Threats: { Type: number; Description: { Value: string }; ProductID?: string[] }[]
  CVSSScoreSets: { BaseScore: number; ProductID: string[] }[]
  Remediations: { Type: number; Description?: { Value: string }; ProductID: string[]; FixedBuild?: string }[]
  RevisionHistory: { Date: string }[]
}

export interface PlainKb {
  cves: number
  exploited: number
  releasedOn: string
  worst: string
  score: number
  builds: string[]
  products: string[]
}

const WORST_FIRST = ['Critical', 'Important', 'Moderate', 'Low', '']

/**
 * The figures of each KB of a month, read once more by somebody else: the whole document at once, KB by KB, with plain loops and nothing of
 * the program.
 */
export function readPlainly(text: string): Map<string, PlainKb> {
  const document = JSON.parse(text) as PlainDocument
  const found = new Map<string, PlainKb>()
  for (const { Remediations } of document.Vulnerability)
    for (const { Type, Description } of Remediations)
      if (Type === 2 && Description && /^[0-9]+$/.test(Description.Value))
        found.set(Description.Value, figuresOf(document, Description.Value))
  return found
}

function figuresOf(document: PlainDocument, kb: string): PlainKb {
  const builds = new Set<string>()
  const products = new Set<string>()
  const severities = new Set<string>()
  let [exploited, score, cves] = [0, 0, 0]
  const firstDays: Record<string, number> = {}
  for (const one of document.Vulnerability) {
    const fixes = one.Remediations.filter(({ Type, Description }) => Type === 2 && Description?.Value === kb)
    if (fixes.length === 0) continue
    cves++
    const [first = ''] = one.RevisionHistory.map((revision) => revision.Date.slice(0, 10)).sort()
    firstDays[first] = (firstDays[first] ?? 0) + 1
    if (one.Threats.some(({ Type, Description }) => Type === 1 && Description.Value.includes(';Exploited:Yes;'))) exploited++
    for (const fix of fixes) {
      if (fix.FixedBuild) builds.add(fix.FixedBuild)
      for (const id of fix.ProductID) {
        products.add(id)
        for (const threat of one.Threats) if (threat.Type === 3 && threat.ProductID?.includes(id)) severities.add(threat.Description.Value)
        for (const set of one.CVSSScoreSets) if (set.ProductID.includes(id)) score = Math.max(score, set.BaseScore)
      }
    }
  }
  const [mostUsual = ['']] = Object.entries(firstDays).sort(([, a], [, b]) => b - a)
  const names = document.ProductTree.FullProductName.filter(({ ProductID }) => products.has(ProductID)).map(({ Value }) => Value)
  const worst = WORST_FIRST.find((word) => severities.has(word)) ?? ''
  return { cves, exploited, score, worst, releasedOn: mostUsual[0], builds: [...builds].sort(), products: names.sort() }
}
