import type { KbFacts } from './kb-facts.ts'
import { isProductOfTenant, type TenantProduct } from './msrc-product.ts'
import { windowsBuild } from './windows-build.ts'

/**
 * The build that a KB brings to a machine's product, by the catalogue: builds order only within one product, and hotpatches go another way.
 * undefined where it knows none, or several that differ.
 */
export function fixedBuildOf(facts: KbFacts, product: TenantProduct): string | undefined {
  const own = facts.products.filter(({ name, updateClass }) => updateClass === 'cumulative' && isProductOfTenant(name, product))
  const builds = new Set(own.flatMap(({ fixedBuild }) => windowsBuild(fixedBuild) ?? []))
  const [build] = builds
  return builds.size === 1 ? build : undefined
}
