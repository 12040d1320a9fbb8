import { byText } from './by-text.ts'
import { withExposures } from './derive-exposures.ts'
import { Inheritance, isPassedOn, stillExposedAfter } from './exposure.ts'
import { type Interval, isOpen, UNRESOLVED } from './interval.ts'
import { foldedKbId } from './kb-id.ts'
import { kbAttributesOf, type MissingKb } from './kb.ts'
import { appearedReason, type ResolvedReason, resolvedReason } from './reasons.ts'
import type { Settlement } from './settlement.ts'
import { isDerived, type SourceKind } from './snapshot.ts'

/**
 * What a settlement changes in a machine's intervals: those it opens, those it closes (closed copies of the ones given), and those of an
 * older version that get their exposure. Pure, and the same for the same input, so that a transition cut off half-way can be computed again
 * and written again.
 */
export function compare(given: readonly Interval[], settlement: Settlement): Interval[] {
  const intervals = withExposures(given)
  const { kept, doubles } = withoutDoubles(intervals.filter(isOpen))
  const openIds = idsOf(kept)
  const missingIds = idsOf(settlement.kbs)
  const gone = settlement.dropped > 0 ? [] : kept.filter((interval) => !missingIds.has(foldedKbId(interval.kbId)))
  const appeared = settlement.kbs.filter((kb) => !openIds.has(foldedKbId(kb.kbId)))
  const closed = [
    ...gone.map((interval) => closeInterval(interval, settlement, appeared)),
    ...doubles.map((interval) => closeDouble(interval, settlement)),
  ]
  const withExposure = intervals.filter((interval, index) => interval !== given[index])
  const closedOnes = applyTransition(applyTransition(withExposure, relabelled(kept, settlement)), closed)
  return [...openIntervals(appeared, applyTransition(intervals, closed), settlement), ...closedOnes]
}

const idsOf = (kbs: readonly { kbId: string }[]) => new Set(kbs.map(({ kbId }) => foldedKbId(kbId)))

/** An older version told ids apart by letter case: of two open intervals of one KB the earlier one holds. */
function withoutDoubles(open: readonly Interval[]): { kept: Interval[]; doubles: Interval[] } {
  const earliestFirst = [...open].sort((a, b) => byText(a.appearedSnapshotId, b.appearedSnapshotId) || byText(a.kbId, b.kbId))
  const holding = new Map<string, Interval>()
  for (const interval of earliestFirst) {
    const id = foldedKbId(interval.kbId)
    if (!holding.has(id)) holding.set(id, interval)
  }
  const isHeld = (interval: Interval) => holding.get(foldedKbId(interval.kbId)) === interval
  return { kept: open.filter(isHeld), doubles: open.filter((interval) => !isHeld(interval)) }
}

/** Those that the answer still names and that it tells of in another way: where the source, or what a KB contains, is another. */
function relabelled(open: readonly Interval[], { kbs, source }: Settlement): Interval[] {
  const named = new Map(kbs.map((kb) => [foldedKbId(kb.kbId), kb]))
  return open.flatMap((interval) => {
    const kb = named.get(foldedKbId(interval.kbId))
    if (!kb) return []
    const label = labelOf(kb, source)
    const isSame = label.derived === interval.derived && isSameList(label.contains, interval.contains)
    return isSame ? [] : [{ ...interval, ...label }]
  })
}

const labelOf = ({ contains = [] }: MissingKb, source: SourceKind) => ({ derived: isDerived(source), contains })

const isSameList = (one: readonly string[], other: readonly string[]) => one.join(' ') === other.join(' ')

/** `intervals` are those there were, with what closes in this observation closed. */
function openIntervals(appeared: readonly MissingKb[], intervals: readonly Interval[], settlement: Settlement): Interval[] {
  if (appeared.length === 0) return []
  const closedIds = idsOf(intervals.filter((interval) => !isOpen(interval) && interval.resolvedSnapshotId !== settlement.snapshotId))
  const inheritance = new Inheritance(intervals, settlement.snapshotId, (interval) => productsOf(interval, settlement))
  return appeared.map((kb) => {
    const reason = appearedReason(settlement.evidence, closedIds.has(foldedKbId(kb.kbId)))
    return {
      kbId: kb.kbId,
      ...kbAttributesOf(kb),
      appearedSnapshotId: settlement.snapshotId,
      appearedReason: reason,
      appearedObservedAt: settlement.observedAt,
      ...labelOf(kb, settlement.source),
      ...inheritance.of({ kbId: kb.kbId, productsNames: kb.productsNames, appearedReason: reason, contains: kb.contains ?? [] }),
      ...UNRESOLVED,
    }
  })
}

/** The KB is still missed, by its other spelling: nothing but the count of intervals was wrong. */
function closeDouble(interval: Interval, settlement: Settlement): Interval {
  const { outcome } = settlement
  return closed(interval, settlement, { reason: outcome === 'observed' ? 'reassessed' : outcome, replacedBy: [] })
}

function closeInterval(interval: Interval, settlement: Settlement, appeared: readonly MissingKb[]): Interval {
  const { outcome, evidence } = settlement
  if (outcome !== 'observed') return closed(interval, settlement, { reason: outcome, replacedBy: [] })
  const products = productsOf(interval, settlement)
  const successors = appeared.map((kb) => ({ kbId: kb.kbId, productsNames: productsOf(kb, settlement) }))
  const isHandedOn = successors.some((successor) => isPassedOn(products, successor.productsNames))
  return closed(interval, settlement, resolvedReason(evidence, products, successors), isHandedOn)
}

function closed(
  interval: Interval,
  { snapshotId, outcome, source, observedAt, lastObservedSnapshotId }: Settlement,
  { reason, replacedBy }: { reason: ResolvedReason; replacedBy: readonly string[] },
  isHandedOn = false,
): Interval {
  return {
    ...interval,
    resolvedSnapshotId: snapshotId,
    resolvedReason: reason,
    resolvedObservedAt: observedAt,
    lastMissingSnapshotId: lastObservedSnapshotId ?? interval.appearedSnapshotId,
    replacedBy,
    derived: outcome === 'observed' ? isDerived(source) : interval.derived,
    stillExposed: stillExposedAfter(reason, isHandedOn),
  }
}

/** The products that a KB was described with; where it was with none, those that are known by now. */
function productsOf({ kbId, productsNames }: Pick<Interval, 'kbId' | 'productsNames'>, { products }: Settlement): readonly string[] {
  return productsNames.length > 0 ? productsNames : (products[kbId] ?? [])
}

/** The settlement with the products that are needed to judge it, as far as they are known by now: `known` tells those of a KB. */
export function withProducts(
  settlement: Settlement,
  intervals: readonly Interval[],
  known: (kbId: string) => readonly string[] | undefined,
): Settlement {
  const described = [...intervals.filter(isOpen), ...settlement.kbs].filter(({ productsNames }) => productsNames.length === 0)
  const products = described.flatMap(({ kbId }) => {
    const productsNames = known(kbId) ?? []
    return productsNames.length > 0 ? [[kbId, productsNames] as const] : []
  })
  return { ...settlement, products: Object.fromEntries(products) }
}

/** The intervals as they were before a snapshot touched them: the ground on which its transition is computed again. */
export function rewind(intervals: readonly Interval[], snapshotId: string): Interval[] {
  return intervals
    .filter((interval) => interval.appearedSnapshotId !== snapshotId)
    .map((interval) => (interval.resolvedSnapshotId === snapshotId ? { ...interval, ...UNRESOLVED } : interval))
}

/** The intervals after a transition: the changed ones in place of their old selves. */
export function applyTransition(intervals: readonly Interval[], changed: readonly Interval[]): Interval[] {
  const id = (interval: Interval) => `${interval.kbId}\n${interval.appearedSnapshotId}`
  const byId = new Map(intervals.map((interval) => [id(interval), interval]))
  for (const interval of changed) byId.set(id(interval), interval)
  return [...byId.values()]
}

/** Whether the answer names exactly the KBs that are open: the only question asked of an unchanged machine. */
export function sameKbs(openKbIds: readonly string[], kbs: readonly { kbId: string }[]): boolean {
  if (openKbIds.length !== kbs.length) return false
  const open = new Set(openKbIds.map(foldedKbId))
  return kbs.every((kb) => open.has(foldedKbId(kb.kbId)))
}
