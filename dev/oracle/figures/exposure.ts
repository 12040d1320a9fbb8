import type { Ledger } from '../ledger.ts'
import type { TrueExposure, TrueInterval } from '../machine-ledger.ts'
import { daysBetween, instantOf } from '../words.ts'

/** The columns of an exposure, up to an instant (ms). */
export const exposureFigures = ({ since, atLeast }: TrueExposure, until: number) => ({
  exposedSince: instantOf(since.at),
  daysExposed: daysBetween(since.at, until),
  exposedAtLeast: atLeast,
})

/** What is told of a KB wherever it is shown. */
export function kbFigures(kbId: string, ledger: Ledger) {
  const { name, products, cves } = ledger.kb(kbId)
  return { kbId, kbName: name, productsNames: [...products].sort(), cveAddressed: cves }
}

/** Since when an interval is there, up to an instant. */
export const missingFigures = (interval: TrueInterval, until: number) => ({
  firstMissingAt: instantOf(interval.opened.at),
  daysMissing: daysBetween(interval.opened.at, until),
  ...exposureFigures(interval.exposure, until),
})
