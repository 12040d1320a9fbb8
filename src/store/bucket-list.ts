import type { Column } from './columns.ts'

/** Stands for no bucket at all: nothing is what an older version wrote. */
const NO_BUCKET = '-'

/** The buckets of changes, `07f`; what is no list of buckets is not known. */
export const bucketList: Column<string | null> = {
  encode: (buckets) => (buckets === '' ? NO_BUCKET : (buckets ?? '')),
  decode: (stored) => {
    if (stored === NO_BUCKET) return ''
    return typeof stored === 'string' && /^[0-9a-f]+$/.test(stored) ? stored : null
  },
}
