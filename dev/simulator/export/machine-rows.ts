import { draw, drawIndex } from '../draw.ts'
import { judgedReportAt, type Lacked } from '../lacked.ts'
import { asOf, type Character } from '../machine-character.ts'
import { dnsNameOf, rbacGroupOf } from '../machine-wire.ts'
import { bulletinAt } from './bulletin.ts'
import { cveOf, cvesOf, type Cve } from './cves.ts'
import { osVersionOf } from './os-version.ts'
import { timestampOf, type ExportRow } from './row.ts'
import { otherSoftwareOn, recommendationsFor, systemOn, type OtherSoftware } from './software.ts'

interface RowsSetting {
  rowsPerMachine: number
  nullCveRows: boolean
}

/** What a machine's rows have in common, and what is to be told of it. */
interface Subject {
  machine: Character
  /** When the export is made. */
  at: number
  lacked: readonly Lacked[]
  common: Pick<ExportRow, CommonName>
}

type CommonName =
  | 'DeviceId'
  | 'DeviceName'
  | 'RbacGroupId'
  | 'RbacGroupName'
  | 'OsPlatform'
  | 'OsVersion'
  | 'OsArchitecture'
  | 'LastSeenTimestamp'
  | 'IsOnboarded'

interface Software {
  vendor: string
  name: string
  version: string
}

/** Of the rows of a machine that lacks KBs and has other software, so many are the KBs'. */
const SHARE_OF_KBS = 0.6

/** The rows of a machine that lacks these KBs, in an export made at that time; none if Defender has nothing to judge it by. */
export function* rowsOfMachine(machine: Character, at: number, lacked: readonly Lacked[], setting: RowsSetting): Generator<ExportRow> {
  const reportedAt = judgedReportAt(machine, at)
  if (reportedAt === undefined || !machine.onboarded) return
  const subject = { machine, at, lacked, common: commonOf(machine, reportedAt) }
  const others = otherSoftwareOn(machine, reportedAt)
  const ofKbs = rowsPerPair(lacked, Math.round(setting.rowsPerMachine * (others.length > 0 ? SHARE_OF_KBS : 1)))
  yield* kbRows(subject, ofKbs)
  const rest = Math.max(0, setting.rowsPerMachine - sum(ofKbs))
  for (const [index, software] of others.entries()) {
    const count = Math.max(1, Math.floor((rest + index) / others.length))
    yield* otherRows(subject, software, count)
  }
  if (setting.nullCveRows) yield* cleanRows(subject, others)
}

/** How many rows each (KB, product) has, in their order: in proportion to the CVEs, one at least, and no more than there are CVEs. */
function rowsPerPair(lacked: readonly Lacked[], total: number): number[] {
  const cves = lacked.flatMap(({ release, products }) => products.map(() => Math.max(1, release.kb.cves)))
  const all = sum(cves)
  return cves.map((count) => Math.min(count, Math.max(1, Math.floor((total * count) / all))))
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

function commonOf(machine: Character, reportedAt: number): Subject['common'] {
  const { rbacGroupId, rbacGroupName } = rbacGroupOf(machine)
  const fraction =
    draw(machine.seed, machine.index, 'fraction') < 0.5
      ? `.${String(drawIndex(10_000_000, machine.seed, machine.index, reportedAt)).padStart(7, '0')}`
      : ''
  return {
    DeviceId: machine.machineId,
    DeviceName: dnsNameOf(machine),
    RbacGroupId: rbacGroupId,
    RbacGroupName: rbacGroupName ?? 'Unassigned',
    OsPlatform: asOf(machine, reportedAt).platform.osPlatform,
    OsVersion: osVersionOf(machine, reportedAt),
    OsArchitecture: 'x64',
    LastSeenTimestamp: timestampOf(reportedAt) + fraction,
    IsOnboarded: true,
  }
}

function* kbRows(subject: Subject, counts: readonly number[]): Generator<ExportRow> {
  let pair = 0
  for (const { release, products } of subject.lacked) {
    for (const product of products) {
      const software = { vendor: 'microsoft', name: product, version: versionOf(subject, product) }
      for (const cve of cvesOf(release.kb, counts[pair++] ?? 1)) {
        yield {
          ...rowOf(subject, software, cve, release.visibleAt),
          RecommendedSecurityUpdate: cve.bulletin,
          RecommendedSecurityUpdateId: release.kb.id,
          RecommendedSecurityUpdateUrl: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${release.kb.id}`,
          CveBatchTitle: `Microsoft ${cve.bulletin}`,
          CveBatchUrl: 'https://portal.msrc.microsoft.com/en-us/security-guidance',
        }
      }
    }
  }
}

/** The version of the system, which now and then is told one off in its own rows; of other products any. */
function versionOf({ machine: { seed, index }, common }: Subject, product: string): string {
  if (!product.startsWith('windows_'))
    return `${1 + drawIndex(16, 'major', product)}.0.${drawIndex(9_000, seed, index, 'version', product)}.0`
  const isOneOff = drawIndex(8, seed, index, 'one off') === 0
  return isOneOff ? common.OsVersion.replace(/\d+$/, (revision) => String(Number(revision) + 1)) : common.OsVersion
}

function* otherRows(subject: Subject, software: OtherSoftware, count: number): Generator<ExportRow> {
  const bulletin = bulletinAt(subject.at)
  for (const { cveId, name, id } of recommendationsFor(software, subject.machine, count, bulletin)) {
    const cve = cveOf(cveId, '')
    const foundAt = software.isOfBulletins ? bulletin.matchedAt : Date.UTC(2026, 0, 1 + drawIndex(50, 'found', cveId), 18, 41, 7)
    yield {
      ...rowOf(subject, software, cve, foundAt),
      RecommendedSecurityUpdate: name,
      RecommendedSecurityUpdateId: id,
      ...(software.isOfBulletins && { CveBatchTitle: `Microsoft ${bulletin.name}` }),
    }
  }
}

/** Of a clean machine its system, and the first of its other software beside what is weak, as if that were clean in another place. */
function* cleanRows(subject: Subject, others: readonly OtherSoftware[]): Generator<ExportRow> {
  const { machine, at, common } = subject
  const system = { ...systemOn(machine, at), version: common.OsVersion }
  const clean = [
    ...(subject.lacked.length === 0 ? [system] : []),
    ...others.slice(0, 1).map((other) => ({ ...other, version: '99.0.0.0' })),
  ]
  for (const software of clean) yield rowOf(subject, software, undefined, at)
}

/** A row of which nothing is recommended. */
function rowOf({ machine, common }: Subject, { vendor, name, version }: Software, cve: Cve | undefined, foundAt: number): ExportRow {
  const paths = pathsOf(machine, name)
  return {
    Id: `${machine.machineId}_${vendor}_${name}_${version}_${cve?.cveId ?? ''}`,
    ...common,
    SoftwareVendor: vendor,
    SoftwareName: name,
    SoftwareVersion: version,
    CveId: cve?.cveId ?? null,
    VulnerabilitySeverityLevel: cve?.severity ?? null,
    CvssScore: cve?.score ?? null,
    ExploitabilityLevel: cve?.exploitability ?? null,
    RecommendedSecurityUpdate: null,
    RecommendedSecurityUpdateId: null,
    RecommendedSecurityUpdateUrl: null,
    SecurityUpdateAvailable: cve ? true : null,
    RecommendationReference: `va-_-${vendor}-_-${name}`,
    DiskPaths: paths,
    RegistryPaths: paths && [],
    FirstSeenTimestamp: timestampOf(foundAt),
    CveBatchTitle: null,
    CveBatchUrl: null,
  }
}

function pathsOf({ seed, index }: Character, name: string): string[] | null {
  if (name.startsWith('windows_')) return null
  return drawIndex(3, seed, index, 'path', name) === 0 ? [`c:\\program files\\${name}\\${name}.exe`] : []
}
