import { grouped } from '../data/grouped.ts'
import type { Gap, Interval } from '../data/answers.ts'
import { day } from '../parts/figures.ts'
import { Stripes } from './hatches.tsx'
import { Outcomes } from './outcome-stack.tsx'
import { useWidth } from './use-width.ts'

interface Props {
  intervals: readonly Interval[]
  gaps: readonly Gap[]
}

const ROW = 18
/** Names of KBs, and the mark of what may have begun before. */
const LEFT = 96
const MOST_WIDTH = 1250
const DAY_MS = 86_400_000

/** One line a KB, the stretches in which it was missing; hatched across where the machine was not assessed. */
export function Timeline({ intervals, gaps }: Props) {
  const kbs = grouped(intervals, ({ kbId }) => kbId)
  const { place, width } = useWidth(MOST_WIDTH)
  const { from, to, xOf } = scaleOf(intervals, gaps, width)
  const height = kbs.length * ROW + 24
  return (
    <figure class="chart">
      <svg
        ref={place}
        class="timeline"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`When this machine missed each of ${kbs.length} KBs. The table below says the same.`}
      >
        <defs>
          <Stripes id="at-least" width={4} angle={45} class="" />
          <Stripes id="gap" width={7} angle={-45} class="" />
        </defs>
        {kbs.map(([kbId, rows], index) => (
          <Line key={kbId} kbId={kbId} rows={rows} y={index * ROW} until={to} xOf={xOf} />
        ))}
        {gaps.map((gap) => {
          const x = xOf(Date.parse(gap.from))
          const end = xOf(gap.to === undefined ? to : Date.parse(gap.to))
          return <rect key={gap.from} class="hatched" fill="url(#gap)" x={x} width={Math.max(2, end - x)} y={0} height={kbs.length * ROW} />
        })}
        <text class="tick" x={LEFT} y={height - 6}>
          {day(new Date(from).toISOString())}
        </text>
        <text class="tick" x={width} y={height - 6} text-anchor="end">
          {day(new Date(to).toISOString())}
        </text>
      </svg>
      <Legend hasGaps={gaps.length > 0} />
    </figure>
  )
}

function Legend({ hasGaps }: { hasGaps: boolean }) {
  return (
    <ul class="legend">
      <Outcomes />
      <li>
        <span class="swatch at-least" /> “at least”: exposed before, or may have been
      </li>
      {hasGaps && (
        <li>
          <span class="swatch unassessed" /> not assessed
        </li>
      )}
    </ul>
  )
}

/** From the first that is known to a day after the last. */
function scaleOf(intervals: readonly Interval[], gaps: readonly Gap[], width: number) {
  const starts = [...intervals.map(({ firstMissingAt }) => firstMissingAt), ...gaps.map(({ from }) => from)]
  const ends = [...intervals.flatMap(({ resolvedAt }) => resolvedAt ?? []), ...gaps.flatMap(({ to }) => to ?? [])]
  const from = Math.min(...starts.map((at) => Date.parse(at)))
  const to = Math.max(...[...starts, ...ends].map((at) => Date.parse(at))) + DAY_MS
  return { from, to, xOf: (ms: number) => LEFT + ((width - LEFT) * (ms - from)) / Math.max(1, to - from) }
}

interface LineProps {
  kbId: string
  rows: readonly Interval[]
  y: number
  /** Where what is still missing ends in the picture. */
  until: number
  xOf: (ms: number) => number
}

function Line({ kbId, rows, y, until, xOf }: LineProps) {
  return (
    <g>
      <text class="tick" x={LEFT - 16} y={y + 13} text-anchor="end">
        KB{kbId}
      </text>
      {rows.map(({ firstMissingAt, resolvedAt, resolvedReason, exposedAtLeast }) => {
        const x = xOf(Date.parse(firstMissingAt))
        const end = xOf(resolvedAt === undefined ? until : Date.parse(resolvedAt))
        return (
          <g key={firstMissingAt}>
            {exposedAtLeast && (
              <path class="at-least" fill="url(#at-least)" d={`M${x} ${y + 3}L${x - 12} ${y + ROW / 2}L${x} ${y + ROW - 3}Z`} />
            )}
            <rect class={toneOf(resolvedReason)} x={x} width={Math.max(2, end - x)} y={y + 3} height={ROW - 6} />
          </g>
        )
      })}
    </g>
  )
}

function toneOf(resolvedReason: string | undefined): string {
  if (resolvedReason === undefined) return 'missing'
  return resolvedReason === 'installed' || resolvedReason === 'superseded' ? resolvedReason : 'other'
}
