import { compareBuilds, UPDATE_CLASSES, worseSeverity } from '../domain/index.ts'
import type { ProductContribution } from './contribution.ts'

/** Of two statements about a KB for one product: the worst, the highest and all, whichever comes first. */
export function unitedProduct(one: ProductContribution, other: ProductContribution): ProductContribution {
  // Met a hundred thousand times in a document.
  if (isAlike(one, other)) return one
  return {
    productId: one.productId,
    severity: worseSeverity(one.severity, other.severity),
    cvss: highest(one.cvss, other.cvss, (a, b) => a - b),
    fixedBuild: highest(one.fixedBuild, other.fixedBuild, compareBuilds),
    // "Cumulative" is what is said of anything: the more special word holds.
    updateClass: highest(one.updateClass, other.updateClass, (a, b) => UPDATE_CLASSES.indexOf(a) - UPDATE_CLASSES.indexOf(b)),
    supersedes: [...new Set([...one.supersedes, ...other.supersedes])].sort(),
  }
}

const isAlike = (one: ProductContribution, other: ProductContribution) =>
  one.severity === other.severity &&
  one.cvss === other.cvss &&
  one.fixedBuild === other.fixedBuild &&
  one.updateClass === other.updateClass &&
  one.supersedes.length === other.supersedes.length &&
  one.supersedes.every((kbId, index) => kbId === other.supersedes[index])

function highest<T>(one: T, other: T, compare: (one: NonNullable<T>, other: NonNullable<T>) => number): T {
  if (one === other || other === null || other === undefined) return one
  return one === null || one === undefined || compare(one, other) < 0 ? other : one
}
