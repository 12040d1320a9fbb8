import { draw, drawHex, drawIndex } from '../draw.ts'
import { systemOf } from '../lacked.ts'
import { asOf, type Character } from '../machine-character.ts'

/** What Defender recommends against a CVE in software that has no KBs. */
export interface Recommendation {
  cveId: string
  name: string | null
  id: string | null
}

/** Software beside Windows and what has KBs; `share` is that of the machines that have it, of those that have such software at all. */
export interface OtherSoftware {
  vendor: string
  name: string
  version: string
  share: number
  on: 'windows' | 'macOS' | 'Linux'
  /** Its new CVEs come on the day of a bulletin, and are found in old inventories. */
  isOfBulletins?: boolean
  recommendation: (number: number) => Pick<Recommendation, 'name' | 'id'> & { cveId?: string }
}

/** Some machines have nothing but Windows and what is updated with it: without a KB, they have no row. */
const SHARE_WITH_OTHERS = 0.7

const nothing = { name: null, id: null }

/** The kinds of recommendation that published exports and fixtures show. */
const TITLES: readonly OtherSoftware[] = [
  // Microsoft's, with a bulletin for a name, and no KB.
  { vendor: 'microsoft', name: 'edge_chromium-based', version: '145.0.3800.58', share: 0.9, on: 'windows', ...bulletins() },
  { vendor: 'microsoft', name: 'powershell', version: '7.4.6.0', share: 0.15, on: 'windows', ...bulletins() },
  {
    vendor: 'google',
    name: 'chrome',
    version: '144.0.7559.60',
    share: 0.7,
    on: 'windows',
    recommendation: (number) => ({ name: cveIdOf('chrome', number), id: null }),
  },
  {
    vendor: 'mozilla',
    name: 'firefox',
    version: '140.2.0.0',
    share: 0.3,
    on: 'windows',
    recommendation: (number) => ({ name: `Mozilla Foundation Security Advisory 2026-${String(number % 20).padStart(2, '0')}`, id: null }),
  },
  { vendor: '7-zip', name: '7-zip', version: '24.8.0.0', share: 0.4, on: 'windows', recommendation: () => nothing },
  {
    vendor: 'oracle',
    name: 'jre',
    version: '8.0.4510.10',
    share: 0.2,
    on: 'windows',
    recommendation: (number) => ({ name: drawHex(24, 'token', number), id: null }),
  },
  {
    vendor: 'openssl',
    name: 'openssl',
    version: '3.0.15.0',
    share: 0.4,
    on: 'windows',
    recommendation: (number) => ({ ...nothing, cveId: `TVM-2026-${String(number).padStart(4, '0')}` }),
  },
  {
    vendor: 'apple',
    name: 'mac_os',
    version: '15.5.0.0',
    share: 1,
    on: 'macOS',
    recommendation: () => ({ name: 'macOS Sequoia 15.6', id: null }),
  },
  {
    vendor: 'canonical',
    name: 'openssl_for_linux',
    version: '3.0.2-0ubuntu1.18',
    share: 0.8,
    on: 'Linux',
    recommendation: (number) => ({ name: `USN-${7_600 + (number % 90)}-1`, id: `USN-${7_600 + (number % 90)}-1` }),
  },
  {
    vendor: 'red_hat',
    name: 'kernel_for_linux',
    version: '5.14.0-503.11.1.el9',
    share: 0.6,
    on: 'Linux',
    recommendation: (number) => ({ name: `RHSA-2024:${9_300 + (number % 90)}`, id: `RHSA-2024:${9_300 + (number % 90)}` }),
  },
]

function bulletins(): Pick<OtherSoftware, 'isOfBulletins' | 'recommendation'> {
  return { isOfBulletins: true, recommendation: () => nothing }
}

/** The software on the machine that gets no KBs. */
export function otherSoftwareOn(machine: Character, at: number): OtherSoftware[] {
  const { osPlatform } = asOf(machine, at).platform
  const system = osPlatform.startsWith('Windows') ? 'windows' : osPlatform
  if (!machine.onboarded || (system === 'windows' && draw(machine.seed, machine.index, 'other software') >= SHARE_WITH_OTHERS)) return []
  return TITLES.filter(({ name, on, share }) => on === system && draw(machine.seed, machine.index, 'has', name) < share)
}

/** The first so many open CVEs of it, on that machine. */
export function recommendationsFor(software: OtherSoftware, machine: Character, count: number, bulletin: Bulletin): Recommendation[] {
  const first = drawIndex(5, machine.seed, machine.index, 'first', software.name)
  return Array.from({ length: count }, (_, index) => {
    const { cveId, name, id } = software.recommendation(first + index)
    if (!software.isOfBulletins) return { cveId: cveId ?? cveIdOf(software.name, first + index), name, id }
    return { cveId: cveIdOf(`${software.name} ${bulletin.name}`, first + index), name: bulletin.name, id }
  })
}

/** A Patch Tuesday: its name, and the moment (epoch ms) at which Defender had matched it with all inventories. */
export interface Bulletin {
  name: string
  matchedAt: number
}

/** Ids in a range that no CVE of a KB has. */
function cveIdOf(name: string, number: number): string {
  return `CVE-2026-${1_000_000 + drawIndex(8_000, 'cve', name) * 1_000 + (number % 1_000)}`
}

/** `microsoft-_-windows_11` */
export const softwareIdOf = (vendor: string, name: string): string => `${vendor}-_-${name}`

/** The system of the machine among software. */
export function systemOn(machine: Character, at: number): { vendor: string; name: string } {
  const { osPlatform } = asOf(machine, at).platform
  const vendor = osPlatform.startsWith('Windows') ? 'microsoft' : osPlatform === 'macOS' ? 'apple' : 'linux'
  return { vendor, name: systemOf(osPlatform) }
}
