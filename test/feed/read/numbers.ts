import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { LearnedDensity } from '../../../src/feed/read/density.ts'
import { resumeAt, type Scan, type Section } from '../../../src/feed/read/section.ts'
import type { Place, SpanPage } from '../../../src/store/index.ts'

export const keyOf = (index: number) => String(index).padStart(8, '0')
export const placeOf = (row: FeedRow): Place => ({ partition: '', row: keyOf(Number(row['n'])), done: true })

/** `rows` numbered rows in sections, read in storage pages of some sizes; counts what is asked for. */
export function numbers(rows: number, sectionRows: number, pageSizes: readonly number[] = [1_000]) {
  const read = { rows: 0, pages: 0 }
  async function* pages({ from, to }: { from: Place; to: Place }): AsyncGenerator<SpanPage<FeedRow>> {
    let next = Number(from.row || 0) + (from.done === true ? 1 : 0)
    const end = Math.min(rows, Number(to.row))
    for (let page = 0; next < end; page++) {
      const size = Math.min(pageSizes[page % pageSizes.length] ?? 1_000, end - next)
      const taken = Array.from({ length: size }, (_, index) => ({ n: next + index }))
      next += size
      read.rows += size
      read.pages += 1
      yield { rows: taken, scanned: size, end: size > 0 ? { partition: '', row: keyOf(next - 1), done: true } : undefined }
    }
  }
  function* sections(): Generator<Section> {
    for (let start = 0; start < Math.max(rows, 1); start += sectionRows) {
      yield { span: { from: { partition: '', row: keyOf(start) }, to: { partition: '', row: keyOf(start + sectionRows) } }, pages }
    }
  }
  const scan = (place?: Place): Scan => ({ sections: resumeAt(sections(), place), density: new LearnedDensity(rows) })
  return { read, sections, scan }
}
