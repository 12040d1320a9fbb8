import type { ChangeShape } from '../../src/http/shapes/change.ts'

/** A story of more lines than this is no longer taken in at a glance. */
const mostChanges = 14

/**
 * The machine with the most varied story that is not too long: of those with the most reasons, the one with the most changes. One that
 * left explains little by its end.
 */
export function pickMachine(changes: readonly Pick<ChangeShape, 'machineId' | 'reason'>[]): string | undefined {
  const stories = groupByMachine(changes)
  const candidates = [...stories].map(([machineId, reasons]) => ({
    machineId,
    count: reasons.length,
    variety: new Set(reasons).size,
    left: reasons.includes('removed'),
  }))
  const short = candidates.filter(({ count, left }) => count <= mostChanges && !left)
  const [best] = (short.length > 0 ? short : candidates).sort(
    (a, b) => b.variety - a.variety || b.count - a.count || (a.machineId < b.machineId ? -1 : 1),
  )
  return best?.machineId
}

function groupByMachine(changes: readonly Pick<ChangeShape, 'machineId' | 'reason'>[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { machineId, reason } of changes) groups.set(machineId, [...(groups.get(machineId) ?? []), reason])
  return groups
}
