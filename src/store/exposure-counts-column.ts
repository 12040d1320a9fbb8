import {
  countExposures,
  type CountedExposures,
  DAY_CELLS,
  dayCellOf,
  type ExposureCounts,
  type ExposureKey,
  exposuresOf,
  listExposures,
  NO_EXPOSURES,
  snapshotIdOf,
  snapshotStartMs,
} from '../domain/index.ts'
import type { Column } from './columns.ts'

/** A string property holds 32K characters. */
const MOST_CHARACTERS = 30_000

/** `t1kq2o.14:3`: the beginning in seconds to base 36, the days, how many. */
const ITEM = /^([0-9a-z]{1,8})\.(\d{1,6}):(-?\d{1,9})$/

/** Beginnings, and then days as well, are told less exactly where they are too many: never how many there are. */
const COARSER: readonly ((one: CountedExposures) => CountedExposures)[] = [
  (one) => one,
  (one) => ({ ...one, exposedSince: `${one.exposedSince.slice(0, 8)}T000000Z` }),
  (one) => ({ ...one, exposedSince: `${one.exposedSince.slice(0, 6)}01T000000Z` }),
  (one) => ({ ...one, exposedSince: `${one.exposedSince.slice(0, 4)}0101T000000Z`, days: DAY_CELLS[dayCellOf(one.days)] ?? 366 }),
]

function encodeExposures(counts: ExposureCounts): string {
  let text = ''
  for (const coarser of COARSER) {
    text = listExposures(exposuresOf(listExposures(counts).map(coarser)))
      .map(encodeItem)
      .join(' ')
    if (text.length <= MOST_CHARACTERS) break
  }
  return text
}

const encodeItem = ({ exposedSince, days, count }: CountedExposures) =>
  `${(snapshotStartMs(exposedSince) / 1000).toString(36)}.${days}:${count}`

/** undefined for what is no such text. */
function decodeExposures(text: string): ExposureCounts | undefined {
  if (text === '') return NO_EXPOSURES
  const counts = new Map<ExposureKey, number>()
  for (const item of text.split(' ')) {
    const [, seconds, days, count] = ITEM.exec(item) ?? []
    if (seconds === undefined || days === undefined || count === undefined) return undefined
    const exposedSince = snapshotIdOf(Number.parseInt(seconds, 36) * 1000)
    countExposures(counts, { exposedSince, days: Number(days), count: Number(count) })
  }
  return counts
}

export const exposureCounts: Column<ExposureCounts> = {
  encode: (counts) => encodeExposures(counts),
  decode: (stored) => (stored === undefined ? NO_EXPOSURES : typeof stored === 'string' ? decodeExposures(stored) : undefined),
}
