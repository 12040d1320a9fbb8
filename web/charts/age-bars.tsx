import { sumOf } from '../../src/domain/age.ts'
import { useState } from 'preact/hooks'
import type { AgeBucket, TrendPoint } from '../data/figures.ts'
import { day, numeral, percent } from '../parts/figures.ts'
import { AgeTable, ageName } from './age-table.tsx'
import { ticksOf } from './ticks.ts'
import { useWidth } from './use-width.ts'

interface Props {
  points: readonly TrendPoint[]
  ageBuckets: readonly AgeBucket[]
  onChoose: (point: TrendPoint) => void
}

const MOST_WIDTH = 1250
const HEIGHT = 190
const LEFT = 56
const BOTTOM = 22
const TOP = 10
/** Of a bar with its gaps: a few snapshots make no walls. */
const MOST_STEP = 130
/** A date takes so much. */
const LABEL = 82

/** Missing pairs by the age of their exposure, one bar a snapshot, the oldest at the foot. Bars, since a snapshot is a moment. */
export function AgeBars({ points, ageBuckets, onChoose }: Props) {
  const [chosen, setChosen] = useState<number>()
  const at = chosen ?? points.length - 1
  const current = points[at]
  const { place, width } = useWidth(MOST_WIDTH)
  return (
    <figure class="chart">
      <svg
        ref={place}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`Missing pairs by age of exposure, ${points.length} snapshots. Arrows move, Enter shows what changed since.`}
        tabindex={0}
        onKeyDown={(event) => {
          const next = nextOf(event.key, at, points.length)
          if (next !== undefined) setChosen(next)
          if (event.key === 'Enter' && current) onChoose(current)
          if (next !== undefined) event.preventDefault()
        }}
      >
        <Bars width={width} points={points} at={at} onPoint={setChosen} onChoose={onChoose} />
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

/** Where a key leads from a bar; undefined for keys that lead nowhere. */
function nextOf(key: string, at: number, count: number): number | undefined {
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key]
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next))
}

interface BarsProps {
  width: number
  points: readonly TrendPoint[]
  at: number
  onPoint: (index: number) => void
  onChoose: (point: TrendPoint) => void
}

function Bars({ width, points, at, onPoint, onChoose }: BarsProps) {
  const ticks = ticksOf(Math.max(1, ...points.map(({ pairs }) => sumOf(pairs))))
  const top = ticks.at(-1) ?? 1
  const step = Math.min(MOST_STEP, (width - LEFT) / Math.max(1, points.length))
  const yOf = (value: number) => TOP + (HEIGHT - BOTTOM - TOP) * (1 - value / top)
  const every = Math.ceil(LABEL / step)
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={width} y1={yOf(tick)} y2={yOf(tick)} />
          <text class="tick" x={LEFT - 6} y={yOf(tick) + 4} text-anchor="end">
            {numeral(tick)}
          </text>
        </g>
      ))}
      {points.map((point, index) => (
        <g
          key={point.snapshotId}
          class={index === at ? 'bar chosen' : 'bar'}
          onPointerEnter={() => onPoint(index)}
          onClick={() => onChoose(point)}
        >
          <Bar point={point} yOf={yOf} x={LEFT + index * step} step={step} />
          {(points.length - 1 - index) % every === 0 && (
            <text class="tick" x={Math.min(LEFT + (index + 0.5) * step, width - LABEL / 2)} y={HEIGHT - 6} text-anchor="middle">
              {day(point.at)}
            </text>
          )}
        </g>
      ))}
    </>
  )
}

interface BarProps {
  point: TrendPoint
  x: number
  step: number
  yOf: (value: number) => number
}

function Bar({ point, x, step, yOf }: BarProps) {
  let foot = 0
  const parts = [...point.pairs.keys()].reverse().map((age) => {
    const from = foot
    foot += point.pairs[age] ?? 0
    return { age, y: yOf(foot), height: yOf(from) - yOf(foot) }
  })
  return (
    <>
      {parts.map(({ age, y, height }) => (
        <rect key={age} class={`age${age}`} x={x + step * 0.12} width={step * 0.76} y={y} height={Math.max(0, height)} />
      ))}
      {point.coverage < 1 && (
        <text class="gap" x={x + step / 2} y={yOf(foot) - 3} text-anchor="middle">
          ▲
        </text>
      )}
    </>
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
