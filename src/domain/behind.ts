import type { Machine, MissingSince } from './machine.ts'
import { productOfMachine } from './msrc-product.ts'
import type { TenantFacts } from './tenant-facts.ts'

/** How far a machine is behind by the cumulative updates of its system. */
export interface Behind {
  /** The newest one missing: it brings all before it. */
  newest: { kbId: string; releasedAt: string }
  /** Calendar months from the release of the oldest one missing, or of that which its exposure began with. */
  months: number
}

type Missing = Pick<Machine, 'osPlatform' | 'version' | 'osBuild' | 'missingKbIds'> & { missingSince: readonly MissingSince[] | null }

/** Undefined where none of what it misses is known to be one. */
export function behindOf(machine: Missing, facts: TenantFacts, atDay: string): Behind | undefined {
  const product = productOfMachine(machine)
  if (!product) return undefined
  const released = (kbIds: readonly string[]) =>
    kbIds.flatMap((kbId) => {
      const releasedAt = facts.cumulativeReleasedOn(kbId, product)
      return releasedAt === undefined ? [] : [{ kbId, releasedAt }]
    })
  const missing = released(machine.missingKbIds ?? [])
  const newest = missing.reduce<Behind['newest'] | undefined>(
    (last, one) => (last && last.releasedAt >= one.releasedAt ? last : one),
    undefined,
  )
  if (!newest) return undefined
  const first = released(machine.missingSince?.flatMap(({ exposedWith }) => exposedWith) ?? [])
  const oldest = [...missing, ...first].map(({ releasedAt }) => releasedAt).reduce((one, other) => (one < other ? one : other))
  return { newest, months: Math.max(0, monthOf(atDay) - monthOf(oldest)) }
}

/** `2026-04-14` -> months since the year 0. */
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
