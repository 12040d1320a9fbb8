import { type FuzzMachine, type Fleet, lastSeenAt, lookAt } from './fleet.ts'

/** What the looks that were taken must find of a machine: `1 5000001 resolved installed`, in order. By the design's table of reasons alone. */
export function expectedHistory({ kbs, machines }: Fleet, machine: FuzzMachine, looks: readonly number[]): string[] {
  const products = new Map(kbs.map(({ id, product }) => [id, product]))
  // The first look that lists anybody is the ground that all stands on.
  const baseline = machine.seen.findIndex((_, look) => machines.some(({ seen }) => seen[look]?.exists))
  const open = new Set<string>()
  const ever = new Set<string>()
  let reportBefore: number | undefined
  const found: string[] = []
  for (const look of looks) {
    const seen = machine.seen[look]
    if (!seen || !machine.osPlatform.startsWith('Windows')) continue
    const gone = seen.exists ? [...open].filter((id) => !seen.kbIds.includes(id)) : [...open]
    const appeared = seen.exists ? seen.kbIds.filter((id) => !open.has(id)) : []
    const report = lastSeenAt(machine, look)
    const first = machine.seen[baseline]?.exists ? 'baseline' : 'machineAdded'
    for (const id of appeared)
      found.push(`${look} ${id} appeared ${reportBefore === undefined ? first : ever.has(id) ? 'reopened' : 'new'}`)
    for (const id of gone) {
      const isReplaced = appeared.some((other) => products.get(other) === products.get(id))
      found.push(`${look} ${id} resolved ${seen.exists ? whyGone(look, report, reportBefore, isReplaced) : 'removed'}`)
    }
    for (const id of gone) open.delete(id)
    for (const id of appeared) ever.add(id)
    for (const id of appeared) open.add(id)
    if (seen.exists) reportBefore = Math.max(report, reportBefore ?? report)
  }
  return found.sort()
}

const SILENT_MS = 30 * 86_400_000

function whyGone(look: number, report: number, reportBefore: number | undefined, isReplaced: boolean): string {
  if (lookAt(look) - report > SILENT_MS) return 'silent'
  if (isReplaced) return 'superseded'
  return reportBefore !== undefined && report > reportBefore ? 'installed' : 'reassessed'
}
