import { LAST_KEY } from '../../store/index.ts'
import { type Density, UNIT_DIGITS, UNITS } from './density.ts'

/** Hex cut: the machine ids from one hex prefix up to another one, exclusive. */
export interface HexCut {
  from: string
  to: string
  /** How many units it touches. */
  units: number
}

/**
 * Cuts everything from `from` to `to` (exclusive) at hex prefixes, each as wide as the density of the moment says: ['', '0400'],
 * ['0400', '0800'], … ['fc00', '~']. Every id lies in exactly one cut, hex or not.
 */
export function* hexCuts(density: Density, from = '', to: string = LAST_KEY): Generator<HexCut> {
  let start = from
  for (let unit = unitAfter(from); start < to;) {
    const next = Math.min(UNITS, unit - 1 + density.sectionUnits)
    const end = next === UNITS ? LAST_KEY : hex(next)
    const bounded = end < to ? end : to
    yield { from: start, to: bounded, units: next - unit + 1 }
    start = bounded
    unit = next + 1
  }
}

const hex = (unit: number) => unit.toString(16).padStart(UNIT_DIGITS, '0')

/** The first unit whose prefix sorts after an id, at least 1; UNITS if there is none. */
function unitAfter(id: string): number {
  let low = 0
  let high = UNITS
  while (low < high) {
    const middle = (low + high) >> 1
    if (hex(middle) > id) high = middle
    else low = middle + 1
  }
  return Math.max(1, low)
}
