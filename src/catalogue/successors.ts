import { byText, compareBuilds, type KbFacts, type KbProductFacts, versionOfBuild } from '../domain/index.ts'
import type { ProductContribution } from './contribution.ts'

/** What of a KB decides on successors. */
export interface SuccessorKb {
  kbId: string
  released: Pick<KbFacts['released'], 'day'>
  products: readonly ProductContribution[]
}

type Successor = KbProductFacts['supersededBy']

/** A KB for one product. */
interface OfProduct {
  kbId: string
  day: string
  product: ProductContribution
}

/**
 * Who supersedes whom, product by product: by the order of builds within a class of updates, and where an update has no build, by what
 * later ones say that they supersede. That word is a hint: it names KBs of other products and KBs that are in no document, and goes in circles.
 */
export function successorsOf(kbs: readonly SuccessorKb[]): (kbId: string, productId: string) => Successor {
  const products = new Map<string, OfProduct[]>()
  for (const { kbId, released, products: ofKb } of kbs) {
    for (const product of ofKb) keptAt(products, product.productId, () => []).push({ kbId, day: released.day, product })
  }
  const found = new Map([...products].map(([productId, updates]) => [productId, { ...bySupercedence(updates), ...byBuild(updates) }]))
  return (kbId, productId) => found.get(productId)?.[kbId] ?? null
}

type Found = Record<string, Successor>

/** The next higher build of the same class and version; null for the highest: nothing supersedes it, whatever a text says. */
function byBuild(updates: readonly OfProduct[]): Found {
  const chains = new Map<string, Map<string, string[]>>()
  for (const { kbId, product } of updates) {
    const { fixedBuild, updateClass } = product
    if (fixedBuild === null) continue
    const chain = keptAt(chains, `${updateClass} ${versionOfBuild(fixedBuild)}`, () => new Map<string, string[]>())
    keptAt(chain, fixedBuild, () => []).push(kbId)
  }
  const found: Found = {}
  for (const chain of chains.values()) {
    const builds = [...chain].sort(([one], [other]) => compareBuilds(one, other))
    for (const [index, [, kbIds]] of builds.entries()) {
      const next = builds[index + 1]?.[1].sort(byText)
      for (const kbId of kbIds) found[kbId] = next ? { kbIds: next, rule: 'fixedBuild' } : null
    }
  }
  return found
}

/** Those that name it, for this product; of several the first that came out. */
function bySupercedence(updates: readonly OfProduct[]): Found {
  const links = withoutCircles(linksOf(updates))
  const days = new Map(updates.map(({ kbId, day }) => [kbId, day]))
  const found: Found = {}
  for (const [kbId, successors] of links) {
    const firstDay = [...successors].map((successor) => days.get(successor) ?? '').sort(byText)[0]
    const kbIds = [...successors].filter((successor) => days.get(successor) === firstDay).sort(byText)
    if (kbIds.length > 0) found[kbId] = { kbIds, rule: 'supercedence' }
  }
  return found
}

type Links = Map<string, Set<string>>

/** From each KB of the product without a build to those of the product that name it. */
function linksOf(updates: readonly OfProduct[]): Links {
  const links: Links = new Map(updates.filter(({ product }) => product.fixedBuild === null).map(({ kbId }) => [kbId, new Set()]))
  for (const { kbId, product } of updates)
    for (const superseded of product.supersedes) if (superseded !== kbId) links.get(superseded)?.add(kbId)
  return links
}

/** Without the links of a circle, or between two. */
function withoutCircles(links: Links): Links {
  const back: Links = new Map()
  for (const [kbId, successors] of links) for (const successor of successors) keptAt(back, successor, () => new Set()).add(kbId)
  const circling = peeled(back, links, peeled(links, back, new Set(links.keys())))
  const kept = ([kbId, successors]: [string, Set<string>]) => [...successors].filter((to) => !circling.has(kbId) || !circling.has(to))
  return new Map([...links].map((link) => [link[0], new Set(kept(link))]))
}

/** Of some KBs those that are left when one after the other that has no link to the rest is taken away. */
function peeled(links: Links, back: Links, kbIds: ReadonlySet<string>): Set<string> {
  const left = new Set(kbIds)
  const degrees = new Map([...left].map((kbId) => [kbId, [...(links.get(kbId) ?? [])].filter((to) => left.has(to)).length]))
  const ends = [...left].filter((kbId) => degrees.get(kbId) === 0)
  for (const end of ends) {
    left.delete(end)
    for (const before of back.get(end) ?? []) {
      const degree = (degrees.get(before) ?? 0) - 1
      degrees.set(before, degree)
      if (degree === 0 && left.has(before)) ends.push(before)
    }
  }
  return left
}

/** What a map has at a key, made where there is nothing. */
function keptAt<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
