import { numeral } from '../parts/figures.ts'
import { ticksOf } from './ticks.ts'
import { useWidth } from './use-width.ts'

/** What pairs came to, as they are shown: what is patched apart from what was only replaced. */
export const OUTCOMES = ['missing', 'superseded', 'installed', 'other'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What all pairs that were ever missing came to, at one moment. */
export interface OutcomePoint extends Record<Outcome, number> {
  key: string
  label: string
}

const OTHER_REASONS = ['removed', 'excluded', 'silent', 'upgraded', 'reassessed', 'rebased'] as const

/** Outcomes of an answer of the API, whose reasons add up to all that was opened. */
export function outcomesOf(
  counts: Record<'missing' | 'superseded' | 'installed' | (typeof OTHER_REASONS)[number], number>,
): Record<Outcome, number> {
  const { missing, superseded, installed } = counts
  return { missing, superseded, installed, other: OTHER_REASONS.reduce((sum, reason) => sum + counts[reason], 0) }
}

interface Props {
  title: string
  points: readonly OutcomePoint[]
  width?: number
  height?: number
}

/** Of a bar with its gaps: a few snapshots make no walls. */
const MOST_STEP = 90
/** More are one shape an outcome: a year of days, month by month, would be ten thousand elements. */
const MOST_BARS = 30

/** One bar a moment, stacked by what became of the pairs: a fall by `superseded` reaches nothing, and does not look as if it did. */
export function OutcomeStack({ title, points, width: most = 460, height = 150 }: Props) {
  const { place, width } = useWidth(most)
  const sums = points.map((point) => OUTCOMES.reduce((sum, name) => sum + point[name], 0))
  const ticks = ticksOf(Math.max(1, ...sums))
  const highest = ticks.at(-1) ?? 1
  const [left, top, bottom] = [48, 2, 20]
  const step = Math.min(MOST_STEP, (width - left) / Math.max(1, points.length))
  const right = left + step * points.length
  const xOf = (index: number) => left + index * step
  const yOf = (value: number) => top + (height - bottom - top) * (1 - value / highest)
  const last = points.at(-1)
  return (
    <svg
      ref={place}
      class="stack"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${title}. ${last ? sentence(last) : 'Nothing yet.'}`}
    >
      {ticks
        .filter((_, index) => index === 0 || index === ticks.length - 1)
        .map((tick) => (
          <text key={tick} class="tick" x={left - 6} y={yOf(tick) + (tick === 0 ? 0 : 10)} text-anchor="end">
            {numeral(tick)}
          </text>
        ))}
      {points.length > MOST_BARS
        ? shapesOf(points, { xOf, yOf, step })
        : points.map((point, index) => <g key={point.key}>{rectsOf(point, { x: xOf(index), yOf, step })}</g>)}
      <Dates points={points} left={left} right={right} y={height - 5} />
    </svg>
  )
}

/** The first moment and, where there is another, the last. */
function Dates({ points, left, right, y }: { points: readonly OutcomePoint[]; left: number; right: number; y: number }) {
  const last = points.at(-1)
  return (
    <>
      <text class="tick" x={left} y={y}>
        {points[0]?.label}
      </text>
      {points.length > 1 && (
        <text class="tick" x={right} y={y} text-anchor="end">
          {last?.label}
        </text>
      )}
    </>
  )
}

interface Scale {
  yOf: (value: number) => number
  step: number
}

/** Parts of a bar from its foot; between two bars there is a gap. */
function partsOf(point: OutcomePoint, { x, yOf, step }: Scale & { x: number }) {
  let foot = 0
  return OUTCOMES.map((name) => {
    const from = foot
    foot += point[name]
    return { name, x: x + step * 0.08, width: step * 0.84, y: yOf(foot), height: Math.max(0, yOf(from) - yOf(foot)) }
  })
}

const rectsOf = (point: OutcomePoint, scale: Scale & { x: number }) =>
  partsOf(point, scale).map(({ name, ...sides }) => <rect key={name} class={name} {...sides} />)

/** All bars, one shape an outcome. */
function shapesOf(points: readonly OutcomePoint[], { xOf, ...scale }: Scale & { xOf: (index: number) => number }) {
  const parts = points.flatMap((point, index) => partsOf(point, { x: xOf(index), ...scale }))
  return OUTCOMES.map((outcome) => {
    const own = parts.filter(({ name, height }) => name === outcome && height > 0)
    return (
      <path key={outcome} class={outcome} d={own.map(({ x, width, y, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join('')} />
    )
  })
}

const sentence = (point: OutcomePoint) => `${point.label}: ${OUTCOMES.map((name) => `${numeral(point[name])} ${name}`).join(', ')}`

/** What the fills of outcomes mean, within a legend. */
export function Outcomes() {
  return (
    <>
      {OUTCOMES.map((name) => (
        <li key={name}>
          <span class={`swatch ${name}`} /> {name}
        </li>
      ))}
    </>
  )
}

export function OutcomeLegend() {
  return (
    <ul class="legend">
      <Outcomes />
    </ul>
  )
}
