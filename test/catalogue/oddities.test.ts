import { describe, expect, it } from 'vitest'
import { toWire } from '../../dev/catalogue/wire.ts'
import { isExploitedBy, kbNumber, severityOf, supersededIn, updateClassOf } from '../../src/catalogue/cvrf-texts.ts'
import { compareBuilds, factsFor, windowsBuild } from '../../src/domain/index.ts'
import { contributionOf, documentOf, factsOf, readDocument, vulnerability } from '../support/read-catalogue.ts'

const fix = (text: string, productIds = ['1'], more: object = {}) => ({ text, productIds, ...more })

/** The facts of the one KB of a document. */
function onlyKb(...documents: Parameters<typeof factsOf>[0]) {
  const all = [...factsOf(documents).values()]
  if (all.length !== 1 || !all[0]) throw new Error(`there are ${all.length} KBs`)
  return all[0]
}

describe('a vendor’s fix', () => {
  it.each([
    'Release Notes',
    'Click to Run',
    'CBL-Mariner Releases',
    'Commit',
    'kernel',
    'Update Information',
    '',
    'KB5083769',
    '12345',
    '123456789',
  ])('that is %j is no KB', (text) => expect(kbNumber(text)).toBeUndefined())

  it('is a KB by its number of six to eight digits, whatever blanks are about it', () => {
    expect(['958644', ' 5083769\n', '12345678'].map(kbNumber)).toEqual(['958644', '5083769', '12345678'])
  })

  it('is told from release notes and articles that name the same KB, and from known issues', () => {
    const wire = toWire(documentOf([vulnerability({ fixes: [fix('5083769')] })]))
    const [first] = wire.Vulnerability
    first?.Remediations.push({ ...first.Remediations[0], Description: { Value: '5099999' }, Type: 5 } as never)
    expect(readDocument(JSON.stringify(wire))).toMatchObject({ kind: 'read', document: { kbs: [{ kbId: '5083769' }] } })
  })
})

describe('vulnerabilities without a KB', () => {
  it('leave nothing behind: packages of Linux are a growing part of the documents', () => {
    const linux = vulnerability({ cve: 'CVE-2026-1', fixes: [fix('CBL-Mariner Releases', ['9'], { fixedBuild: '5.15.202.1-1' })] })
    const products = [...documentOf([]).products, { productId: '9', name: 'azl3 php 8.3.33-1 on Azure Linux 3.0' }]
    expect(contributionOf(documentOf([linux, vulnerability()], { products }))).toMatchObject({
      cves: [{ cve: 'CVE-2026-20001' }],
      productNames: { 1: expect.any(String) as string, 2: 'Windows Server 2025' },
    })
  })
})

describe('the exploit status', () => {
  it.each([
    ['Publicly Disclosed:No;Exploited:Yes;Latest Software Release:Exploitation Detected;Older Software Release:N/A;DOS:N/A', true],
    ['Publicly Disclosed:Yes;Exploited:No;Latest Software Release:Exploitation More Likely', false],
    ['Publicly Disclosed:No; Exploited : yes ;DOS:N/A', true],
    ['Latest Software Release:Exploited:Yes', false],
    ['N/A', false],
    ['', false],
  ])('%j is exploited: %s', (status, expected) => expect(isExploitedBy(status)).toBe(expected))

  it('is of the whole vulnerability, and has no products', () => {
    expect(onlyKb(documentOf([vulnerability({ exploited: true })])).exploited).toMatchObject([{ cve: 'CVE-2026-20001', kev: null }])
  })
})

describe('severity', () => {
  it.each([
    ['Critical', 'Critical'],
    ['important', 'Important'],
    ['', null],
    ['None', null],
    ['Severe', null],
  ])('%j is %s', (text, expected) => expect(severityOf(text)).toBe(expected))

  it('is the worst of a KB by product: most KBs carry more than one', () => {
    const two = [
      vulnerability({
        severities: [
          { severity: 'Important', productIds: ['1'] },
          { severity: 'Low', productIds: ['2'] },
        ],
      }),
      vulnerability({
        cve: 'CVE-2026-2',
        severities: [
          { severity: 'Critical', productIds: ['2'] },
          { severity: '', productIds: ['1'] },
        ],
      }),
    ]
    expect(onlyKb(documentOf(two)).products.map(({ severity }) => severity)).toEqual(['Important', 'Critical'])
  })

  it('is unknown where none is given, and never low', () => {
    const kb = onlyKb(documentOf([vulnerability({ severities: [] })]))
    expect(kb.products.map(({ severity }) => severity)).toEqual([null, null])
    expect(factsFor(kb, [])).not.toHaveProperty('severity')
  })

  it('and score are of all products where no product is named', () => {
    const wire = toWire(documentOf([vulnerability()]))
    const [first] = wire.Vulnerability
    first?.Threats.push({ Type: 3, Description: { Value: 'Critical' }, Date: '', DateSpecified: false })
    first?.CVSSScoreSets.push({ BaseScore: 8.8 } as never)
    const read = readDocument(JSON.stringify(wire))
    expect(read.kind === 'read' && read.document.kbs[0]?.products).toMatchObject([
      { severity: 'Critical', cvss: 8.8 },
      { severity: 'Critical', cvss: 8.8 },
    ])
  })

  it('goes with the highest score, of which 0 is none', () => {
    const scores = [
      { baseScore: 5.5, productIds: ['1'] },
      { baseScore: 7.8, productIds: ['1'] },
      { baseScore: 0, productIds: ['2'] },
    ]
    expect(onlyKb(documentOf([vulnerability({ scores })])).products.map(({ cvss }) => cvss)).toEqual([7.8, null])
  })
})

describe('the kind of an update', () => {
  it.each([
    ['Security Hotpatch Update', 'hotpatch'],
    ['SecurityHotpatchUpdate', 'hotpatch'],
    ['AzureHotpatch', 'hotpatch'],
    ['Azure Hotpatch', 'hotpatch'],
    ['ServicingStackUpdate', 'servicingStack'],
    ['Servicing Stack Update', 'servicingStack'],
    ['Monthly Rollup', 'rollup'],
    ['Preview Rollup', 'rollup'],
    ['Security Only', 'securityOnly'],
    ['IE Cumulative', 'internetExplorer'],
    ['Security Update', 'cumulative'],
    ['Cumulative Update', 'cumulative'],
    ['Standalone', 'cumulative'],
    ['', 'cumulative'],
  ])('%j is %s', (subType, expected) => expect(updateClassOf(subType)).toBe(expected))
})

describe('the fixed build', () => {
  it.each([
    ['10.0.26100.7462', true],
    [' 6.3.9600.23398 ', true],
    ['5.15.202.1-1', false],
    ['117.0.2045.31', false],
    ['4.8.4494.03', false],
    ['16.0.5469.1000', false],
    ['10.0.26100', false],
    ['', false],
  ])('%j is of Windows: %s', (text, expected) => expect(windowsBuild(text) !== null).toBe(expected))

  it('is compared part by part as numbers', () => {
    const builds = ['10.0.26100.32230', '10.0.26100.7462', '10.0.9200.1', '6.3.9600.23398', '10.0.26100.994']
    expect(builds.toSorted(compareBuilds)).toEqual([
      '6.3.9600.23398',
      '10.0.9200.1',
      '10.0.26100.994',
      '10.0.26100.7462',
      '10.0.26100.32230',
    ])
  })

  it('is unknown of a KB without one: there were none before 2021', () => {
    expect(onlyKb(documentOf([vulnerability()])).products.map(({ fixedBuild }) => fixedBuild)).toEqual([null, null])
  })
})

describe('what is superseded', () => {
  it.each([
    ['5079473', ['5079473']],
    ['4499408; 4503867', ['4499408', '4503867']],
    ['4088875, 4100480', ['4088875', '4100480']],
    ['MS16-110, 3187754', ['3187754']],
    ['MS12-034 MS13-022 MS14-026 MS15-044', []],
    ['3118389<br><br>4022173', ['3118389', '4022173']],
    ['None', []],
    ['2.41.0', []],
    ['', []],
    ['5083769', []],
    ['5083769; 5079473; 5079473', ['5079473']],
    ['000123', []],
    ['123456789', []],
  ])('%j names %j', (text, expected) => expect(supersededIn(text, '5083769')).toEqual(expected))

  it('is kept by product: a KB may name others in other rows', () => {
    const fixes = [fix('5083769', ['1'], { supercedence: '5079473' }), fix('5083769', ['2'], { supercedence: '5078740' })]
    const more = vulnerability({ cve: 'CVE-2026-2', fixes: [fix('5083769', ['1'], { supercedence: '5079999; 5079473' })] })
    const { kbs } = contributionOf(documentOf([vulnerability({ fixes }), more]))
    expect(kbs[0]?.products.map(({ supersedes }) => supersedes)).toEqual([['5079473', '5079999'], ['5078740']])
  })
})

describe('revisions', () => {
  const days = (revisions: string[]) => onlyKb(documentOf([vulnerability({ revisions })])).released

  it('are told apart by their dates, in whatever order they stand', () => {
    const oldestFirst = ['2026-04-20T07:00:00', '2026-04-28T07:00:00']
    expect(days(oldestFirst)).toEqual({ day: '2026-04-20', rule: 'firstRevisions', cvesAgreeing: 1 })
    expect(days(oldestFirst.toReversed())).toEqual(days(oldestFirst))
  })

  it('have a zone or none, and may be placeholders', () => {
    expect(days(['2026-04-20T07:00:00Z']).day).toBe('2026-04-20')
    expect(days(['0001-01-01T00:00:00'])).toEqual({ day: '2026-04-14', rule: 'document', cvesAgreeing: 0 })
    expect(days([])).toEqual({ day: '2026-04-14', rule: 'document', cvesAgreeing: 0 })
  })

  it('that first came in another month say nothing of the release', () => {
    expect(days(['2026-02-10T08:00:00'])).toEqual({ day: '2026-04-14', rule: 'document', cvesAgreeing: 0 })
  })
})

describe('products', () => {
  it('are told by their number: names come in other capitals and with blanks behind', () => {
    const march = documentOf([vulnerability()], { id: '2026-Mar', initialReleaseDate: '2026-03-10T07:00:00' })
    const products = [{ productId: '1', name: 'Windows 11 version 24H2 for x64-based Systems ' }]
    const april = documentOf([vulnerability({ cve: 'CVE-2026-2' })], { products })
    expect(onlyKb(march, april).products).toMatchObject([
      { productId: '1', name: 'Windows 11 version 24H2 for x64-based Systems' },
      { productId: '2', name: 'Windows Server 2025' },
    ])
  })

  it('with and without a desktop are two with one KB', () => {
    const products = [
      { productId: '1', name: 'Windows Server 2025' },
      { productId: '2', name: 'Windows Server 2025 (Server Core installation)' },
    ]
    const kb = onlyKb(documentOf([vulnerability()], { products }))
    expect(kb.products).toHaveLength(2)
    expect(factsFor(kb, [{ product: 'windows_server_2025' }]).rules.products).toBe('ownProducts')
  })

  it('may have no name', () => {
    expect(onlyKb(documentOf([vulnerability()], { products: [] })).products.map(({ name }) => name)).toEqual(['', ''])
  })
})

describe('a document', () => {
  it('is refused that is another one than the one asked for', () => {
    expect(readDocument(documentOf([vulnerability()], { id: '2026-Mar' }))).toEqual({ kind: 'refused', code: 'otherDocument' })
  })

  it('may be one out of band', () => {
    const kb = onlyKb(
      documentOf([vulnerability({ revisions: ['2017-05-08T07:00:00'] })], { id: '2017-May-B', initialReleaseDate: '2017-05-08T07:00:00' }),
    )
    expect(factsFor(kb, [])).toMatchObject({ bulletin: '201705', releasedAt: '2017-05-08', source: 'MSRC 2017-May-B' })
  })

  it('is refused that has no KB, or does not say what it is', () => {
    expect(readDocument(documentOf([vulnerability({ fixes: [fix('Release Notes')] })]))).toEqual({ kind: 'refused', code: 'noKb' })
    expect(readDocument('{"Vulnerability":[]}')).toEqual({ kind: 'refused', code: 'noTracking' })
    const undated = documentOf([vulnerability()], { currentReleaseDate: '0001-01-01T00:00:00' })
    expect(readDocument(undated)).toEqual({ kind: 'refused', code: 'noTracking' })
  })

  it('loses what cannot be read of it, and nothing else', () => {
    const wire = toWire(
      documentOf([vulnerability({ cve: 'CVE-2026-1', kb: '5000001' }), vulnerability({ cve: 'CVE-2026-2', kb: '5000002' })]),
    )
    const [first] = wire.Vulnerability
    const broken = [
      { ...first, Threats: 'none' },
      { ...first, CVSSScoreSets: [{ BaseScore: 'high' }] },
      { ...first, Remediations: [{ Type: '2' }] },
      { ...first, CVE: 7 },
      { ...first, RevisionHistory: {} },
    ]
    const Vulnerability = [...broken, { Remediations: null }, 'nonsense', null, ...wire.Vulnerability]
    const FullProductName = [...wire.ProductTree.FullProductName, { ProductID: 12 }]
    const read = readDocument(JSON.stringify({ ...wire, Vulnerability, ProductTree: { FullProductName } }))
    expect(read).toMatchObject({
      kind: 'read',
      unreadable: broken.length + 1,
      document: { kbs: [{ kbId: '5000001' }, { kbId: '5000002' }] },
    })
  })

  it('is read alike in whatever order its members stand, and in whatever pieces it comes', () => {
    const wire = toWire(documentOf([vulnerability(), vulnerability({ cve: 'CVE-2026-2', exploited: true })]))
    const turned = JSON.stringify(Object.fromEntries(Object.entries(wire).toReversed()))
    const read = readDocument(JSON.stringify(wire))
    expect(readDocument(turned)).toEqual(read)
    expect(readDocument(turned, '2026-Apr', 7)).toEqual(read)
  })
})
