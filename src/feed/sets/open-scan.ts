import type { Place } from '../../store/index.ts'
import type { Expression } from '../filter/expression.ts'
import { LearnedDensity } from '../read/density.ts'
import { resumeAt, type Scan } from '../read/section.ts'
import type { OpenSet } from './view.ts'

/** Where a scan goes on, and how many rows the set is likely to have, both by an earlier page. */
export interface ScanStart {
  place?: Place | undefined
  size?: number | undefined
}

/** The sections of a set that can hold what a filter takes: all of them, or those from a place on. */
export async function openScan(
  openSet: OpenSet,
  filter: Expression | undefined,
  { place, size = openSet.rowsInAll }: ScanStart = {},
): Promise<Scan> {
  const density = new LearnedDensity(size)
  const sections = await openSet.sections({ filter, from: place, density })
  return { sections: resumeAt(sections, place), density }
}
