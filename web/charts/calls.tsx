import type { Snapshot } from '../data/answers.ts'
import { day, lasted, minute, numeral, percent } from '../parts/figures.ts'
import { Dates, Heights } from './axes.tsx'
import { type BarFrame, type BarScale, barScale } from './bar-scale.ts'
import { Pauses } from './coverage.tsx'
import { useChoice } from './use-choice.ts'
import { useWidth } from './use-width.ts'

interface Props {
  /** The oldest first. */
  snapshots: readonly Snapshot[]
  /** Calls that Defender's quota allows in an hour; undefined until it is known. */
  perHour: number | undefined
  onChoose: (snapshot: Snapshot) => void
}

const MOST_WIDTH = 720
const FRAME: BarFrame = { height: 170, left: 56, top: 16, bottom: 22, mostStep: 90 }

/** Calls of each snapshot beside what Defender's quota allows in an hour, and how many of them it refused. */
export function Calls({ snapshots, perHour, onChoose }: Props) {
  const { place, width } = useWidth(MOST_WIDTH)
  const scale = barScale(FRAME, width, snapshots.length, Math.max(perHour ?? 0, ...snapshots.map(({ api }) => api.calls)))
  const { at, current, handlers } = useChoice(snapshots, scale, onChoose)
  return (
    <figure class="chart">
      <svg
        ref={place}
        viewBox={`0 0 ${width} ${FRAME.height}`}
        class="calls choosable"
        role="img"
        aria-label={`Calls of the last ${snapshots.length} snapshots, beside an hour's quota. Arrows move, Enter shows who is unknown.`}
        tabindex={0}
        {...handlers}
      >
        <Heights scale={scale} />
        {snapshots.map((snapshot, index) => (
          <Bar key={snapshot.snapshotId} snapshot={snapshot} scale={scale} index={index} isChosen={index === at} />
        ))}
        <Pauses snapshots={snapshots} scale={scale} />
        {perHour !== undefined && <line class="quota" x1={FRAME.left} x2={width} y1={scale.yOf(perHour)} y2={scale.yOf(perHour)} />}
        <Dates days={snapshots.map(({ startedAt }) => day(startedAt))} scale={scale} y={FRAME.height - 6} />
      </svg>
      <Legend perHour={perHour} />
      <figcaption aria-live="polite">{current && sentence(current, perHour)}</figcaption>
    </figure>
  )
}

interface BarProps {
  snapshot: Snapshot
  scale: BarScale
  index: number
  isChosen: boolean
}

function Bar({ snapshot: { api }, scale: { xOf, yOf, step }, index, isChosen }: BarProps) {
  const sides = { x: xOf(index) + step * 0.12, width: step * 0.76 }
  const heard = api.calls - api.throttled
  return (
    <g class={isChosen ? 'bar chosen' : 'bar'}>
      <rect class="called" {...sides} y={yOf(heard)} height={yOf(0) - yOf(heard)} />
      {api.throttled > 0 && <rect class="throttled" {...sides} y={yOf(api.calls)} height={yOf(heard) - yOf(api.calls)} />}
    </g>
  )
}

function Legend({ perHour }: { perHour: number | undefined }) {
  return (
    <ul class="legend">
      <li>
        <span class="swatch called" /> calls
      </li>
      <li>
        <span class="swatch throttled" /> throttled: refused, as there were too many
      </li>
      {perHour !== undefined && <li>╌ what the quota allows in an hour: {numeral(perHour)}</li>}
    </ul>
  )
}

function sentence({ startedAt, finishedAt, api }: Snapshot, perHour: number | undefined): string {
  const took = finishedAt === undefined ? '' : `; it took ${lasted(startedAt, finishedAt)}`
  return `${minute(startedAt)}: ${numeral(api.calls)} calls${ofQuota(api.calls, perHour)}, ${numeral(api.throttled)} throttled${took}`
}

function ofQuota(calls: number, perHour: number | undefined): string {
  if (perHour === undefined || perHour === 0) return ''
  return calls > perHour
    ? `, the quota of ${numeral(Math.ceil(calls / perHour))} hours`
    : `, ${percent(calls / perHour)} of an hour's quota`
}
