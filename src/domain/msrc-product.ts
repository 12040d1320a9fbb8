/** A product that a tenant's machines have, by Defender's word for it, with what is known of its version. */
export interface TenantProduct {
  /** e.g. `windows_11`, `windows_server_2022`, `office`. */
  product: string
  /** e.g. `23H2`. */
  version?: string | null
  /** e.g. `22631`, or the full `10.0.22631.4169`: tells the version before the word does. */
  osBuild?: string | null
}

/** A version of Windows: Defender's word, version and build, and how MSRC's names of it begin, in lower case. */
interface WindowsVersion {
  product: string
  version: string
  build: number
  names: readonly string[]
}

const version = (product: string, name: string, build: number, ...names: string[]): WindowsVersion => ({
  product,
  version: name,
  build,
  names,
})

/** https://learn.microsoft.com/windows/release-health/release-information, …/windows11-release-information, …/windows-server-release-info */
const WINDOWS: readonly WindowsVersion[] = [
  version('windows_7', 'SP1', 7601, 'windows 7'),
  version('windows_8', '', 9200, 'windows 8'),
  version('windows_8_1', '', 9600, 'windows 8.1', 'windows rt 8.1'),
  version('windows_10', '1507', 10240, 'windows 10'),
  version('windows_10', '1511', 10586, 'windows 10 version 1511'),
  version('windows_10', '1607', 14393, 'windows 10 version 1607'),
  version('windows_10', '1703', 15063, 'windows 10 version 1703'),
  version('windows_10', '1709', 16299, 'windows 10 version 1709'),
  version('windows_10', '1803', 17134, 'windows 10 version 1803'),
  version('windows_10', '1809', 17763, 'windows 10 version 1809'),
  version('windows_10', '1903', 18362, 'windows 10 version 1903'),
  version('windows_10', '1909', 18363, 'windows 10 version 1909'),
  version('windows_10', '2004', 19041, 'windows 10 version 2004'),
  version('windows_10', '20H2', 19042, 'windows 10 version 20h2'),
  version('windows_10', '21H1', 19043, 'windows 10 version 21h1'),
  version('windows_10', '21H2', 19044, 'windows 10 version 21h2'),
  version('windows_10', '22H2', 19045, 'windows 10 version 22h2'),
  version('windows_11', '21H2', 22000, 'windows 11', 'windows 11 version 21h2'),
  version('windows_11', '22H2', 22621, 'windows 11 version 22h2'),
  version('windows_11', '23H2', 22631, 'windows 11 version 23h2'),
  version('windows_11', '24H2', 26100, 'windows 11 version 24h2'),
  version('windows_11', '25H2', 26200, 'windows 11 version 25h2'),
  version('windows_11', '26H1', 28000, 'windows 11 version 26h1'),
  version('windows_server_2008', 'SP2', 6003, 'windows server 2008'),
  version('windows_server_2008_r2', 'SP1', 7601, 'windows server 2008 r2'),
  version('windows_server_2012', '', 9200, 'windows server 2012'),
  version('windows_server_2012_r2', '', 9600, 'windows server 2012 r2'),
  version('windows_server_2016', '1607', 14393, 'windows server 2016'),
  version('windows_server_2019', '1809', 17763, 'windows server 2019'),
  version('windows_server_2022', '21H2', 20348, 'windows server 2022'),
  version('windows_server_2022', '23H2', 25398, 'windows server 2022, 23h2 edition'),
  version('windows_server_2025', '24H2', 26100, 'windows server 2025'),
]

/** Other products of which MSRC names the parts; of any other word its name holds the words: `.net_framework` -> `.net framework`. */
const PARTS: Readonly<Record<string, RegExp>> = {
  office:
    /^(microsoft )?(office|365 apps|access|excel|infopath|lync|onenote|outlook|powerpoint|project|publisher|skype for business|visio|word)\b/,
  sharepoint_server: /\bsharepoint\b/,
}

/** What may follow the beginning of a name, so that `windows server 2012` is not `windows server 2012 r2`. */
const BEHIND_NAME = /^($| for | \(| service pack | datacenter| x64| systems)/

/** Whether a product of MSRC is one that a tenant has: itself, or what it runs on, as of `.NET Framework 4.8 on Windows 10 Version 1607`. */
export function isProductOfTenant(msrcName: string, { product, version: ofTenant, osBuild }: TenantProduct): boolean {
  const name = foldedName(msrcName)
  const word = product.toLowerCase()
  const versions = WINDOWS.filter((candidate) => candidate.product === word)
  if (versions.length === 0) return PARTS[word]?.test(name) ?? name.includes(word.replaceAll('_', ' '))
  const build = buildNumber(osBuild)
  const byBuild = versions.filter((candidate) => candidate.build === build)
  const byVersion = versions.filter((candidate) => candidate.version !== '' && candidate.version === ofTenant?.toUpperCase())
  const meant = [byBuild, byVersion, versions].find((found) => found.length > 0) ?? versions
  const system = name.slice(name.lastIndexOf(' on windows ') < 0 ? 0 : name.lastIndexOf(' on windows ') + ' on '.length)
  return meant.some(({ names }) =>
    names.some((beginning) => system.startsWith(beginning) && BEHIND_NAME.test(system.slice(beginning.length))),
  )
}

/** The product that a machine runs, by what Defender lists of it: `WindowsServer2012R2` -> `windows_server_2012_r2`. @forTests */
export function productOfMachine(machine: {
  osPlatform: string | null
  version: string | null
  osBuild?: string | null
}): TenantProduct | null {
  if (machine.osPlatform === null) return null
  const product = machine.osPlatform
    .replace(/([a-z])(?=[A-Z\d])|(\d)(?=[A-Z])/g, '$1$2_')
    .replace(/\W/g, '_')
    .toLowerCase()
  return { product, version: machine.version, osBuild: machine.osBuild ?? null }
}

/** Names differ between documents in capitals and blanks. */
export const foldedName = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase()

/** `22631`, `22631.4169`, `10.0.22631.4169` -> 22631 */
function buildNumber(osBuild: string | null | undefined): number | undefined {
  const digits = /^(?:\d{1,2}\.\d\.)?(\d{4,5})(?:\.\d+)?$/.exec(osBuild?.trim() ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
