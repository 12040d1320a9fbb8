import type { KbFact } from '../catalog.ts'
import { asOf, type Character } from '../machine-character.ts'
import { levelOf } from '../patching.ts'
import { DAY } from '../time.ts'

const FIRST_DAY = Date.parse('2023-01-01')

/**
 * The revision of a Windows to which an update brings it. Made up: it grows with the day of release, about as fast as Microsoft's have, so
 * that it orders updates as theirs do.
 */
function revisionOf({ released }: KbFact): number {
  return 1_000 + 6 * Math.round((Date.parse(released) - FIRST_DAY) / DAY)
}

/** `10.0.26100.7270`: the version of a Windows that has this update; null for an update that is of something else, too. */
export function fixedBuildOf(kb: KbFact, osBuild: number | null): string | null {
  const isOfWindows = kb.products.every((product) => product.startsWith('windows_'))
  return isOfWindows && osBuild !== null ? `10.0.${osBuild}.${revisionOf(kb)}` : null
}

/** What Defender knows of the machine's system by that report: `10.0.26100.7270`, or as the list has it where it is no Windows. */
export function osVersionOf(machine: Character, reportedAt: number): string {
  const reported = asOf(machine, reportedAt)
  const { osBuild, version } = reported.platform
  if (osBuild === null) return version
  const cumulative = reported.lines[0] ?? []
  const newest = cumulative[levelOf(reported, cumulative, reportedAt)]
  return `10.0.${osBuild}.${newest ? revisionOf(newest.kb) : 1}`
}
