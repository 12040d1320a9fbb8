import fc from 'fast-check'

/** A row as a file of the export may have it, before it is spelled. */
export interface TestRow {
  machine: number
  day: number
  product: string | null
  kbId: string | null
  kbName: string | null
  url: string | null
}

export type Members = Record<string, unknown>

export const idOf = (machine: number) => (0xabc0 + machine).toString(16).padStart(40, 'd')

/** What is said of a machine goes by the time of its report: it is the same in all rows of that time. */
const osVersionOf = (machine: number, day: number) => (machine === 3 ? null : `10.0.26100.${machine * 100 + day}`)
const groupOf = (machine: number, day: number) => ['Bureau "Zürich"', 'Ελλάδα', null, 'C:\\Büro', 'plain'][(machine + day) % 5] ?? null
const seenOf = (day: number) => (day === 0 ? null : `2026-03-0${day} 04:12:33${day % 2 ? '.1234567' : ''}`)

/** All members of a row, as Defender names them; what is null may be left out, null or empty. */
export function membersOf({ machine, day, product, kbId, kbName, url }: TestRow): Members {
  return {
    Id: `${idOf(machine)}_microsoft_${product}_1.0_CVE-2025-1_`,
    DeviceId: idOf(machine),
    AadDeviceId: 'f'.repeat(40),
    DeviceName: 'says "DeviceId":"nobody" and RecommendedSecurityUpdateId',
    RbacGroupName: groupOf(machine, day),
    OsVersion: osVersionOf(machine, day),
    SoftwareVendor: 'microsoft',
    SoftwareName: product,
    CvssScore: 7.8,
    RecommendedSecurityUpdate: kbName,
    RecommendedSecurityUpdateId: kbId,
    RecommendedSecurityUpdateUrl: url,
    RegistryPaths: ['HKEY_LOCAL_MACHINE\\SOFTWARE\\{90160000-008C}'],
    LastSeenTimestamp: seenOf(day),
  }
}

const product = fc.constantFrom('windows_11', 'windows_server_2022', '.net_framework', 'Größe\\"x"', null)
const kbId = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('5072033', '5073379', '5075899', '123456', '0123456', '12345678') },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom('KB5072033', ' kb5073379 ', 'RHSA-2024:9315', 'USN-7663-1', '12345', '123456789', '\u0661') },
)
const kbName = fc.constantFrom('November 2025 Security Updates', 'January 2026 Security Updates', 'März "2026"', null)
const url = fc.constantFrom(null, 'https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB1', 'javascript:alert(1)')

export const testRow: fc.Arbitrary<TestRow> = fc.record({ machine: fc.nat(4), day: fc.nat(3), product, kbId, kbName, url })

/** How a file is written. */
export interface Writing {
  /** The key of each member. */
  keyOf: (name: string) => string
  nothing: 'absent' | 'null' | 'empty'
  colon: string
  escapes: boolean
  isReversed: boolean
}

const keyOf: fc.Arbitrary<Writing['keyOf']> = fc.oneof(
  fc.constant((name: string) => name),
  fc.constant((name: string) => name.charAt(0).toLowerCase() + name.slice(1)),
  fc.constant((name: string) => name.toLowerCase()),
  fc.constant((name: string) => name.toUpperCase()),
  // Any letter case, the same in the whole file.
  fc.integer().map((seed) => (name: string) => [...name].map((letter, at) => cased(letter, seed + at * name.length)).join('')),
)

const cased = (letter: string, seed: number) => (Math.imul(seed, 0x9e3779b1) & 0x10000 ? letter.toUpperCase() : letter.toLowerCase())

export const writing: fc.Arbitrary<Writing> = fc.record({
  keyOf,
  nothing: fc.constantFrom('absent', 'null', 'empty'),
  colon: fc.constantFrom(':', ': ', ' :\t'),
  escapes: fc.boolean(),
  isReversed: fc.boolean(),
})

/** A row as one line. */
export function lineOf(members: Members, { keyOf: spelled, nothing, colon, escapes, isReversed }: Writing): string {
  const written = Object.entries(members).flatMap(([name, value]) => {
    if (value === null && nothing === 'absent') return []
    const json = JSON.stringify(value === null && nothing === 'empty' ? '' : value)
    return [`${JSON.stringify(spelled(name))}${colon}${escapes ? asciiOnly(json) : json}`]
  })
  return `{${(isReversed ? written.reverse() : written).join(',')}}`
}

const asciiOnly = (json: string) => json.replaceAll(/[^\0-~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
