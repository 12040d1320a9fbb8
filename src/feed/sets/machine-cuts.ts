import { keyAfter, LAST_KEY } from '../../store/index.ts'
import type { Density } from '../read/density.ts'
import { type HexCut, hexCuts } from '../read/hex-cuts.ts'

/** Cuts what is left of a range of machine ids, both ends inclusive, behind the pages before: `goOnAt` is the id at which they ended. */
export function machineCuts({ from, to }: { from?: string; to?: string }, goOnAt: string | undefined, density: Density): Generator<HexCut> {
  const start = goOnAt !== undefined && goOnAt > (from ?? '') ? goOnAt : from
  // The next id that there could be after the last one is longer than it.
  return hexCuts(density, start, to === undefined ? LAST_KEY : keyAfter(to))
}
