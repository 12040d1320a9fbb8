import { PLATFORMS } from '../simulator/world.ts'

/** Products by MSRC's names; the numbers are the simulator's own. */
export interface SimulatedProduct {
  productId: string
  name: string
}

/** What MSRC calls products of which `kb-catalog.json` gives no version. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  '.net_framework': ['Microsoft .NET Framework 4.8', 'Microsoft .NET Framework 3.5 AND 4.8.1'],
  office: ['Microsoft Office 2016 (32-bit edition)', 'Microsoft Office 2016 (64-bit edition)'],
  sharepoint_server: ['Microsoft SharePoint Enterprise Server 2016', 'Microsoft SharePoint Server Subscription Edition'],
  sql_server: ['Microsoft SQL Server 2022 for x64-based Systems (GDR)'],
  exchange_server: ['Microsoft Exchange Server 2019 Cumulative Update 14'],
  visual_studio: ['Microsoft Visual Studio 2022 version 17.14'],
}

/** Versions of Windows that no machine of the simulator has, as far as `kb-catalog.json` names them. */
const MORE_BUILDS: Readonly<Record<string, string>> = {
  'Windows 10': '10.0.10240',
  'Windows 10 Version 1607': '10.0.14393',
  'Windows 10 Version 1809': '10.0.17763',
  'Windows 10 Version 20H2': '10.0.19042',
  'Windows 10 Version 21H1': '10.0.19043',
  'Windows 11 Version 21H2': '10.0.22000',
  'Windows 11 Version 26H1': '10.0.28000',
  'Windows Server 2008 R2': '6.1.7601',
  'Windows Server 2012': '6.2.9200',
  'Windows Server 2012 R2': '6.3.9600',
  'Windows Server 2022, 23H2 Edition': '10.0.25398',
}

/** What the builds of a version of Windows begin with. */
export function versionOf(platform: string): string | undefined {
  const own = PLATFORMS.find(({ catalogPlatform }) => catalogPlatform === platform)?.osBuild
  return MORE_BUILDS[platform] ?? (own ? `10.0.${own}` : undefined)
}

/** The products that a KB is for on a version of Windows: MSRC counts processors, and servers without a desktop, as products of their own. */
export const productsOfPlatform = (platform: string): SimulatedProduct[] =>
  (platform.startsWith('Windows Server')
    ? [platform, `${platform} (Server Core installation)`]
    : [`${platform} for x64-based Systems`, `${platform} for ARM64-based Systems`]
  ).map(toProduct)

/** The products of a word of Defender's that is no version of Windows. */
export const productsOfWord = (word: string): SimulatedProduct[] => (OTHERS[word] ?? []).map(toProduct)

/** The same number in every document. */
function toProduct(name: string): SimulatedProduct {
  let hash = 0
  for (const character of name) hash = (hash * 31 + character.charCodeAt(0)) % 899_999
  return { productId: String(100_000 + hash), name }
}
