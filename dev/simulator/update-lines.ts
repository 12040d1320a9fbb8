import type { KbFact } from './catalog.ts'
import { draw, drawBetween, drawIndex } from './draw.ts'
import { WORLD, type Product } from './world.ts'

/** A KB in time: machines can install it from `availableAt`, Defender knows it from `visibleAt` (epoch ms). */
export interface Release {
  kb: KbFact
  availableAt: number
  visibleAt: number
  /** It stays listed when a newer one of its line comes out. */
  staysListed: boolean
}

/** Releases, oldest first, of which each contains all before it: whoever installs one has those too. */
export type UpdateLine = readonly Release[]

export interface UpdateLines {
  /** By catalogue platform: the cumulative updates, and the updates beside them. */
  windows: Map<string, { cumulative: UpdateLine; beside: UpdateLine[] }>
  /** Of a product, all its lines; which of them a machine follows is its own affair. */
  products: Record<Product, UpdateLine[]>
}

/** How many versions of a product are about; a machine has one of them. */
const DOT_NET_VERSIONS = 6
const SQL_SERVER_VERSIONS = 4

/** Orders the catalogue into lines. Only the delays until Defender knows a KB depend on the seed. */
export function orderIntoLines(catalog: readonly KbFact[], seed: number): UpdateLines {
  const releases = catalog.map((kb) => releaseOf(kb, seed))
  const apart = releases.filter(({ kb }) => kb.platforms.length === 0)
  const of = (product: Product) => apart.filter(({ kb }) => kb.products.includes(product))
  return {
    windows: windowsLines(releases),
    products: {
      '.net_framework': onePerDate(of('.net_framework'), DOT_NET_VERSIONS),
      sql_server: onePerDate(of('sql_server'), SQL_SERVER_VERSIONS),
      visual_studio: [of('visual_studio')],
      office: linkedBySupersedence(of('office')),
      exchange_server: linkedBySupersedence(of('exchange_server')),
      sharepoint_server: linkedBySupersedence(of('sharepoint_server')),
    },
  }
}

function releaseOf(kb: KbFact, seed: number): Release {
  const availableAt = Date.parse(kb.released) + WORLD.releaseHourUtc
  const lag = Math.floor(drawBetween(WORLD.visibleAfter.from, WORLD.visibleAfter.to, seed, 'visible', kb.id))
  return { kb, availableAt, visibleAt: availableAt + lag, staysListed: draw('stays listed', kb.id) < WORLD.staysListed }
}

function windowsLines(releases: readonly Release[]): UpdateLines['windows'] {
  const lines: UpdateLines['windows'] = new Map()
  for (const [platform, applicable] of groupBy(releases, ({ kb }) => kb.platforms)) {
    const cumulative = cumulativeLine(applicable)
    const beside = applicable.filter((release) => !cumulative.includes(release)).map((release) => [release])
    lines.set(platform, { cumulative, beside })
  }
  return lines
}

/**
 * Picks the one cumulative update of each release date: the one that supersedes an earlier pick. Where the guide's links are broken (an
 * update between the two was no security update), the one that addresses the most CVEs, unless it continues a line beside (hotpatches).
 */
function cumulativeLine(applicable: readonly Release[]): UpdateLine {
  const picked: Release[] = []
  const pickedIds = new Set<string>()
  const seenIds = new Set<string>()
  for (const [, sameDate] of groupBy(applicable, ({ kb }) => [kb.released])) {
    const continuesPicked = sameDate.find(({ kb }) => kb.supersedes.some((id) => pickedIds.has(id)))
    const candidates = sameDate.filter(({ kb }) => !kb.supersedes.some((id) => seenIds.has(id))).sort((a, b) => b.kb.cves - a.kb.cves)
    const pick = continuesPicked ?? candidates[0]
    if (pick) {
      picked.push(pick)
      pickedIds.add(pick.kb.id)
    }
    for (const { kb } of sameDate) seenIds.add(kb.id)
  }
  return picked
}

/** The guide does not say which version of .NET or SQL Server an update is for; each version gets one of each release date's updates. */
function onePerDate(releases: readonly Release[], versions: number): UpdateLine[] {
  const dates = [...groupBy(releases, ({ kb }) => [kb.released])]
  return Array.from({ length: versions }, (_, version) =>
    dates.flatMap(([date, sameDate]) => sameDate[drawIndex(sameDate.length, 'version', version, date)] ?? []),
  )
}

/** Lines as the guide's `supersedes` links make them: what is linked, however far, is one line. */
function linkedBySupersedence(releases: readonly Release[]): UpdateLine[] {
  const lineOf = new Map<string, Release[]>()
  for (const release of releases) {
    const line = release.kb.supersedes.map((id) => lineOf.get(id)).find((found) => found !== undefined) ?? []
    line.push(release)
    lineOf.set(release.kb.id, line)
  }
  return [...new Set(lineOf.values())]
}

function groupBy(releases: readonly Release[], keysOf: (release: Release) => readonly string[]): Map<string, Release[]> {
  const groups = new Map<string, Release[]>()
  for (const release of releases) {
    for (const key of keysOf(release)) {
      const group = groups.get(key)
      if (group) group.push(release)
      else groups.set(key, [release])
    }
  }
  return groups
}
