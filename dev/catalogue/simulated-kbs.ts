import { type KbFact, readCatalog } from '../simulator/catalog.ts'
import { productsOfPlatform, productsOfWord, versionOf } from './products.ts'
import type { FixFacts } from './wire.ts'

/** A KB of `kb-catalog.json`, and how MSRC's documents would name it: once for each version of Windows, which has builds of its own. */
export interface SimulatedKb extends KbFact {
  fixes: readonly FixFacts[]
}

/** On these there were two updates a month: one with all before it, and one with the month's alone. */
const WITH_ROLLUPS = /^Windows Server (2008 R2|2012|2012 R2)$/

/** All of them, oldest first. The builds are made up: nothing is true of them but their order. */
export function simulatedKbs(): SimulatedKb[] {
  const kbs = readCatalog()
  const builds = new Map<string, { build?: string; subType: string }>()
  for (const [platform, of] of byPlatform(kbs)) {
    for (const [index, sameDay] of [...groupsOf(of, ({ released }) => released).values()].entries())
      for (const [rank, kb] of [...sameDay].sort((a, b) => b.cves - a.cves).entries())
        builds.set(`${platform} ${kb.id}`, buildOf(platform, index, rank))
  }
  return kbs.map((kb) => ({ ...kb, fixes: [...fixesOfWindows(kb, builds), ...fixesOfOthers(kb)] }))
}

function byPlatform(kbs: readonly KbFact[]): Map<string, KbFact[]> {
  const found = new Map<string, KbFact[]>()
  for (const kb of kbs) for (const platform of kb.platforms) found.set(platform, [...(found.get(platform) ?? []), kb])
  return found
}

/** Of several of one day, the one that closes most is the cumulative one. */
function buildOf(platform: string, index: number, rank: number): { build?: string; subType: string } {
  const version = versionOf(platform)
  const subType = WITH_ROLLUPS.test(platform) ? (rank === 0 ? 'Monthly Rollup' : 'Security Only') : 'Security Update'
  return { subType, ...(version !== undefined && rank === 0 && { build: `${version}.${1_000 + 37 * index}` }) }
}

function fixesOfWindows(kb: KbFact, builds: ReadonlyMap<string, { build?: string; subType: string }>): FixFacts[] {
  return kb.platforms.map((platform) => {
    const { build, subType = 'Security Update' } = builds.get(`${platform} ${kb.id}`) ?? {}
    const productIds = productsOfPlatform(platform).map(({ productId }) => productId)
    return { ...fixOf(kb, productIds), subType, ...(build !== undefined && { fixedBuild: build }) }
  })
}

function fixesOfOthers(kb: KbFact): FixFacts[] {
  const productIds = kb.products.flatMap((word) => productsOfWord(word).map(({ productId }) => productId))
  return productIds.length === 0 ? [] : [{ ...fixOf(kb, productIds), subType: 'Security Update' }]
}

const fixOf = (kb: KbFact, productIds: readonly string[]): FixFacts => ({
  text: kb.id,
  productIds,
  ...(kb.supersedes.length > 0 && { supercedence: kb.supersedes.join('; ') }),
})

/** Items by a key, in the order of their first. */
export function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
