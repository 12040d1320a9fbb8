import { sumOf } from '../../src/domain/age.ts'
import type { AgeBucket, TrendPoint } from '../data/figures.ts'
import { day, numeral, percent } from '../parts/figures.ts'
import { AgeTable, ageName } from './age-table.tsx'
import { Dates, Heights } from './axes.tsx'
import { type BarFrame, barScale } from './bar-scale.ts'
import { Bars, FewBars } from './bars.tsx'
import { AgeHatches } from './hatches.tsx'
import { useChoice } from './use-choice.ts'
import { useWidth } from './use-width.ts'

interface Props {
  points: readonly TrendPoint[]
  ageBuckets: readonly AgeBucket[]
  /** How far apart the bars are. */
  grain: string
  onChoose: (point: TrendPoint) => void
}

const MOST_WIDTH = 1250
const FRAME: BarFrame = { height: 190, left: 56, top: 10, bottom: 22, mostStep: 130 }
/** Of more, each age is one shape: thousands of elements are slow to lay out. */
const FEW = 100

/** Missing pairs by the age of their exposure, one bar a snapshot, the oldest at the foot. Bars, since a snapshot is a moment. */
export function AgeBars({ points, ageBuckets, grain, onChoose }: Props) {
  const { place, width } = useWidth(MOST_WIDTH)
  const scale = barScale(FRAME, width, points.length, Math.max(0, ...points.map(({ pairs }) => sumOf(pairs))))
  const { at, current, handlers } = useChoice(points, scale, onChoose)
  const Shapes = points.length > FEW ? Bars : FewBars
  return (
    <figure class="chart">
      <svg
        ref={place}
        class="choosable"
        viewBox={`0 0 ${width} ${FRAME.height}`}
        role="img"
        aria-label={`Missing pairs by age of exposure, ${points.length} ${grain}s. Arrows move, Enter shows what changed since.`}
        tabindex={0}
        {...handlers}
      >
        <AgeHatches />
        <Heights scale={scale} />
        <Shapes points={points} scale={scale} at={at} />
        <Dates days={points.map((point) => day(point.at))} scale={scale} y={FRAME.height - 6} />
      </svg>
      <Legend ageBuckets={ageBuckets} />
      <figcaption aria-live="polite">{current && sentence(current, ageBuckets)}</figcaption>
      <details>
        <summary>as a table</summary>
        <AgeTable points={points} ageBuckets={ageBuckets} />
      </details>
    </figure>
  )
}

function Legend({ ageBuckets }: { ageBuckets: readonly AgeBucket[] }) {
  return (
    <ul class="legend">
      {ageBuckets.map((bucket, age) => (
        <li key={bucket.from}>
          <span class={`swatch age${age}`} /> {ageName(bucket)}
        </li>
      ))}
      <li>
        <span class="swatch at-least" /> “at least”: may have begun before
      </li>
      <li>▲ coverage below 100 %</li>
    </ul>
  )
}

/** What the chosen bar says, in a sentence. */
function sentence({ at, pairs, atLeast, coverage }: TrendPoint, ageBuckets: readonly AgeBucket[]): string {
  const parts = ageBuckets.map((bucket, age) => `${numeral(pairs[age] ?? 0)} of ${ageName(bucket)}`)
  const since = atLeast > 0 ? `; ${numeral(atLeast)} of them “at least”` : ''
  return `${day(at)}: ${numeral(sumOf(pairs))} missing; ${parts.join(', ')}${since}; coverage ${percent(coverage)}`
}
