import type { ListedMachine } from './listed-machine.ts'
import type { MachineListing } from './machine.ts'

/** MACHINE_PLATFORMS holds prefixes of osPlatform; letter case does not matter. */
export function isWanted(osPlatform: string | null, prefixes: readonly string[]): boolean {
  const platform = osPlatform?.toLowerCase()
  return platform !== undefined && prefixes.some((prefix) => platform.startsWith(prefix.toLowerCase()))
}

/** What decides how a machine stands with a listing. */
export interface ListingRules {
  snapshotId: string
  /** Prefixes of the platforms that are asked. */
  platforms: readonly string[]
  /** The tenant has no baseline yet, or this snapshot is it. */
  isBaseline: boolean
}

/** What a machine takes over from the listing that brought it. */
export function listingOf(machine: ListedMachine, { snapshotId, platforms, isBaseline }: ListingRules): MachineListing {
  const { firstSeen, lastSeen, osBuild, osPlatform, ...attributes } = machine
  return {
    ...attributes,
    // A platform that one answer leaves out is no other platform: what is known stays.
    ...(osPlatform !== null && { osPlatform, wanted: isWanted(osPlatform, platforms) }),
    osBuild: osBuild === null ? null : String(osBuild),
    firstSeen,
    lastSeen,
    lastListedSnapshotId: snapshotId,
    filteredOut: false,
    // Only ever set, never cleared: a Merge leaves it alone afterwards.
    ...(isBaseline && { baseline: true }),
  }
}
