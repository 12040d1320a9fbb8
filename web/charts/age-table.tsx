import { sumOf } from '../../src/domain/age.ts'
import type { AgeBucket, TrendPoint } from '../data/figures.ts'
import { day, numeral, percent } from '../parts/figures.ts'
import { Table } from '../parts/table.tsx'

export const ageName = ({ from, to }: AgeBucket): string => (to === null ? `over ${from - 1} d` : `${from}–${to} d`)

/** More is slow to lay out, and a file has them all. */
const MOST_ROWS = 100

interface Props {
  points: readonly TrendPoint[]
  ageBuckets: readonly AgeBucket[]
}

/** The bars' figures as rows, the newest first. */
export function AgeTable({ points, ageBuckets }: Props) {
  const columns = [
    { title: 'Snapshot', isDate: true, cell: ({ at }: TrendPoint) => day(at) },
    ...ageBuckets.map((bucket, age) => ({
      title: ageName(bucket),
      isNumber: true,
      cell: ({ pairs }: TrendPoint) => numeral(pairs[age] ?? 0),
    })),
    { title: 'All', isNumber: true, cell: ({ pairs }: TrendPoint) => numeral(sumOf(pairs)) },
    { title: '“At least”', isNumber: true, isExtra: true, cell: ({ atLeast }: TrendPoint) => numeral(atLeast) },
    { title: 'Coverage', isNumber: true, isExtra: true, cell: ({ coverage }: TrendPoint) => percent(coverage) },
  ]
  return (
    <>
      <Table
        caption="Missing pairs by age"
        columns={columns}
        rows={[...points].reverse().slice(0, MOST_ROWS)}
        keyOf={({ snapshotId }) => snapshotId}
        none="No snapshot."
      />
      {points.length > MOST_ROWS && (
        <p>
          These are the newest {MOST_ROWS} of {numeral(points.length)}; the file has all.
        </p>
      )}
    </>
  )
}
