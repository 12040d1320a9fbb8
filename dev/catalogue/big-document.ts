import { type DocumentFacts, toWire, type VulnerabilityFacts } from './wire.ts'

const PRODUCTS = 30
const FIXES = 10

/** A document of about so many bytes, as the large months are: KBs for thirty versions of Windows, and a third of it about packages of Linux. */
export function bigDocument(bytes: number): DocumentFacts {
  const one = JSON.stringify(toWire(factsOf(30))).length / 30
  return factsOf(Math.ceil(bytes / one))
}

function factsOf(vulnerabilities: number): DocumentFacts {
  const products = Array.from({ length: PRODUCTS }, (_, index) => ({
    productId: `12${100 + index}`,
    name: `Windows 11 Version ${index}H2`,
  }))
  return {
    ...{ id: '2026-Sep', initialReleaseDate: '2026-09-08T07:00:00', currentReleaseDate: '2026-10-04T01:53:47', products },
    vulnerabilities: Array.from({ length: vulnerabilities }, (_, index) => (index % 3 === 2 ? ofLinux(index) : ofWindows(index))),
  }
}

function ofWindows(index: number): VulnerabilityFacts {
  const productIds = Array.from({ length: PRODUCTS }, (_, product) => `12${100 + product}`)
  const perFix = PRODUCTS / FIXES
  return {
    cve: `CVE-2026-${10_000 + index}`,
    exploited: index % 50 === 0,
    severities: [{ severity: index % 7 === 0 ? 'Critical' : 'Important', productIds }],
    scores: [{ baseScore: 5 + (index % 5), productIds }],
    fixes: Array.from({ length: FIXES }, (_, fix) => ({
      text: String(5_120_000 + fix * 7 + (index % 10)),
      productIds: productIds.slice(fix * perFix, (fix + 1) * perFix),
      ...{ subType: 'Security Update', fixedBuild: `10.0.26${100 + fix}.${9_000 + (index % 10)}`, supercedence: String(5_110_000 + fix) },
    })),
    revisions: ['2026-09-08T07:00:00'],
  }
}

const ofLinux = (index: number): VulnerabilityFacts => ({
  cve: `CVE-2025-${10_000 + index}`,
  exploited: false,
  severities: [{ severity: 'Moderate', productIds: ['21709-17084', '21710-17084'] }],
  scores: [{ baseScore: 5.5, productIds: ['21709-17084', '21710-17084'] }],
  fixes: [
    { text: 'CBL-Mariner Releases', productIds: ['21709-17084', '21710-17084'], fixedBuild: '5.15.202.1-1', subType: 'Security Update' },
  ],
  revisions: ['2026-09-03T01:00:00', '2026-09-20T01:00:00'],
})
