/**
 * The JSON of MSRC's CVRF v3 documents as far as patchtrail's reader can meet it, in the shapes and the order of the real ones, with texts of
 * its own. https://api.msrc.microsoft.com/cvrf/v3.0/swagger/index
 */
export interface DocumentFacts {
  id: string
  initialReleaseDate: string
  currentReleaseDate: string
  products: readonly { productId: string; name: string }[]
  vulnerabilities: readonly VulnerabilityFacts[]
}

export interface VulnerabilityFacts {
  cve: string
  /** One status of the whole vulnerability. */
  exploited: boolean
  severities: readonly { severity: string; productIds: readonly string[] }[]
  scores: readonly { baseScore: number; productIds: readonly string[] }[]
  fixes: readonly FixFacts[]
  /** Dates of its revisions, in the order in which they are to stand. */
  revisions: readonly string[]
}

export interface FixFacts {
  /** A KB's number, or whatever MSRC writes instead. */
  text: string
  productIds: readonly string[]
  subType?: string
  fixedBuild?: string
  supercedence?: string
}

const NEVER = { Date: '0001-01-01T00:00:00', DateSpecified: false }
const TITLE = 'Simulated Vulnerability'

export function toWire({ id, initialReleaseDate, currentReleaseDate, products, vulnerabilities }: DocumentFacts) {
  const title = { Value: `${id} Security Updates` }
  return {
    DocumentTitle: title,
    DocumentType: { Value: 'Security Update' },
    DocumentPublisher: { ContactDetails: { Value: 'simulated' }, IssuingAuthority: { Value: 'simulated' }, Type: 0 },
    DocumentTracking: {
      Identification: { ID: { Value: id }, Alias: { Value: id } },
      Status: 2,
      Version: '1.0',
      RevisionHistory: [{ Number: '1', Date: currentReleaseDate, Description: title }],
      InitialReleaseDate: initialReleaseDate,
      CurrentReleaseDate: currentReleaseDate,
    },
    DocumentNotes: [
      { Title: 'Release Notes', Audience: 'Public', Type: 1, Ordinal: '0', Value: '<p>Simulated "notes", [with] {brackets}.</p>' },
    ],
    ProductTree: {
      Branch: [{ Items: products.map(toProduct), Type: 0, Name: 'Microsoft' }],
      FullProductName: products.map(toProduct),
    },
    Vulnerability: vulnerabilities.map(toVulnerability),
  }
}

const toProduct = ({ productId, name }: { productId: string; name: string }) => ({
  ProductID: productId,
  CPE: `cpe:2.3:a:microsoft:${productId}:*:*:*:*:*:*:*:*`,
  Value: name,
})

function toVulnerability(facts: VulnerabilityFacts, ordinal: number) {
  const status = `Publicly Disclosed:No;Exploited:${facts.exploited ? 'Yes' : 'No'};Latest Software Release:Exploitation Less Likely;DOS:N/A`
  return {
    Title: { Value: TITLE },
    Notes: [
      { Title: 'Description', Type: 2, Ordinal: '0', Value: '<p>A vulnerability that nobody has: "simulated" \\ \u00e9.</p>\n'.repeat(20) },
    ],
    ...{ DiscoveryDateSpecified: false, ReleaseDateSpecified: false },
    CVE: facts.cve,
    CWE: [{ ID: 'CWE-416', Value: 'Use After Free' }],
    ProductStatuses: [{ ProductID: facts.severities.flatMap(({ productIds }) => productIds), Type: 3 }],
    Threats: [
      ...facts.severities.flatMap(({ productIds }) => productIds.map((productId) => threat(0, 'Elevation of Privilege', [productId]))),
      ...facts.severities.flatMap(({ severity, productIds }) => productIds.map((productId) => threat(3, severity, [productId]))),
      threat(1, status),
    ],
    CVSSScoreSets: facts.scores.flatMap(({ baseScore, productIds }) => productIds.map((productId) => scoreSet(baseScore, productId))),
    Remediations: facts.fixes.flatMap(toRemediations),
    Acknowledgments: [{ Name: [{ Value: 'somebody' }], URL: [''] }],
    Ordinal: String(ordinal),
    RevisionHistory: facts.revisions.map((date, index) => ({
      Number: `${index + 1}.0`,
      Date: date,
      Description: { Value: '<p>Published.</p>\n' },
    })),
  }
}

const threat = (type: number, text: string, productIds?: readonly string[]) => ({
  Description: { Value: text },
  ...(productIds && { ProductID: productIds }),
  Type: type,
  ...NEVER,
})

const scoreSet = (baseScore: number, productId: string) => ({
  ...{ BaseScore: baseScore, TemporalScore: Math.max(0, baseScore - 1), EnvironmentalScore: 0 },
  Vector: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C',
  ProductID: [productId],
  IsTemporalScoreFieldSpecified: false,
})

/** The vendor's fix with what always stands beside it: its release notes, and its article. */
function toRemediations({ text, productIds, subType, fixedBuild, supercedence }: FixFacts) {
  const beside = { URL: `https://support.example/help/${encodeURIComponent(text)}`, ProductID: productIds, ...NEVER, AffectedFiles: [] }
  return [
    {
      Description: { Value: text },
      URL: `https://catalog.example/?q=KB${encodeURIComponent(text)}`,
      ...(supercedence !== undefined && { Supercedence: supercedence }),
      ProductID: productIds,
      Type: 2,
      ...NEVER,
      AffectedFiles: [],
      RestartRequired: { Value: 'Yes' },
      ...(subType !== undefined && { SubType: subType }),
      ...(fixedBuild !== undefined && { FixedBuild: fixedBuild }),
    },
    { ...beside, Type: 3, SubType: text },
    { ...beside, Description: { Value: text }, Type: 6 },
  ]
}
