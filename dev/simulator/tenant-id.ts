import { drawGuid } from './draw.ts'

/** The id of tenant number `index`, the same in every run. */
export function tenantIdOf(index: number): string {
  return drawGuid('tenant', index)
}
