import { byText } from './by-text.ts'
import { bulletinMonthOf } from './cohort.ts'
import { foldedKbId } from './kb-id.ts'
import type { MissingKb } from './kb.ts'
import { isCumulative } from './product.ts'
import { compareBuilds } from './windows-build.ts'

/** The build of a product that a KB brings, `10.0.26100.7462`; undefined where it is not known. */
export type BuildOf = (kbId: string, product: string) => string | undefined

/**
 * Of what a bulk source lists for a machine, the newest KB of each cumulative product, with the ids of those that it contains: such a source
 * names the fix of each vulnerability, the superseded ones among them. Of other products all stay, since none is known to contain another.
 * In the order of their ids, whatever order they came in.
 */
export function reduceKbs(kbs: readonly MissingKb[], buildOf: BuildOf): MissingKb[] {
  const sorted = [...kbs].sort((a, b) => byText(a.kbId, b.kbId))
  const newest = newestByProduct(sorted, buildOf)
  const contained = new Map<MissingKb, string[]>()
  const kept = sorted.filter((kb) => {
    const [product] = kb.productsNames.filter(isCumulative)
    const container = product === undefined ? undefined : newest.get(product)
    const isNewest = kb.productsNames.some((name) => newest.get(name) === kb)
    if (container === undefined || isNewest) return true
    contained.set(container, [...(contained.get(container) ?? []), kb.kbId])
    return false
  })
  return kept.map((kb) => {
    const contains = contained.get(kb)
    return contains ? { ...kb, contains } : kb
  })
}

function newestByProduct(kbs: readonly MissingKb[], buildOf: BuildOf): ReadonlyMap<string, MissingKb> {
  const candidates = new Map<string, MissingKb[]>()
  for (const kb of kbs) {
    for (const product of kb.productsNames.filter(isCumulative)) candidates.set(product, [...(candidates.get(product) ?? []), kb])
  }
  return new Map(
    [...candidates].flatMap(([product, some]) => {
      const isOlder = orderOf(product, some, buildOf)
      const last = some.reduce((one, other) => (isOlder(one, other) < 0 ? other : one))
      return [[product, last] as const]
    }),
  )
}

type Order = (one: MissingKb, other: MissingKb) => number

/** One measure for all of them, or the order would depend on which are compared: builds where each has one, else months, else numbers. */
function orderOf(product: string, kbs: readonly MissingKb[], buildOf: BuildOf): Order {
  const byNumber: Order = (one, other) => numberOf(one.kbId) - numberOf(other.kbId) || byText(one.kbId, other.kbId)
  const builds = new Map(kbs.map((kb) => [kb, buildOf(foldedKbId(kb.kbId), product)]))
  if ([...builds.values()].every((build) => build !== undefined)) {
    return (one, other) => compareBuilds(builds.get(one) ?? '', builds.get(other) ?? '') || byNumber(one, other)
  }
  const months = new Map(kbs.map((kb) => [kb, bulletinMonthOf(kb.kbName)]))
  if ([...months.values()].some((month) => month === undefined)) return byNumber
  return (one, other) => byText(months.get(one) ?? '', months.get(other) ?? '') || byNumber(one, other)
}

const numberOf = (kbId: string): number => (/^\d+$/.test(kbId) ? Number(kbId) : 0)
