import type { KbFacts } from './kb-facts.ts'
import { isProductOfTenant, type TenantProduct } from './msrc-product.ts'

/** `10.0.26100.7462` -> `[10, 0, 26100, 7462]`; undefined for what is no build of Windows. */
export function buildParts(build: string | null): readonly number[] | undefined {
  const parts = /^\d{1,2}\.\d\.\d{4,5}\.\d{1,6}$/.test(build ?? '') ? (build ?? '').split('.').map(Number) : undefined
  return parts
}

/** Part by part as numbers: below 0 where the first is older. */
export function compareBuildParts(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((part, index) => part !== (other[index] ?? 0))
  return differing < 0 ? 0 : (one[differing] ?? 0) - (other[differing] ?? 0)
}

/**
 * The build that a KB brings to a machine's product, by the catalogue: builds order only within one product, and hotpatches go another way.
 * undefined where it knows none, or several that differ.
 */
export function fixedBuildOf(facts: KbFacts, product: TenantProduct): readonly number[] | undefined {
  const own = facts.products.filter(({ name, updateClass }) => updateClass === 'cumulative' && isProductOfTenant(name, product))
  const builds = new Set(own.flatMap(({ fixedBuild }) => (fixedBuild === null ? [] : [fixedBuild])))
  const [build] = builds
  return builds.size === 1 ? buildParts(build ?? null) : undefined
}
