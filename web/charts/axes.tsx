import { numeral } from '../parts/figures.ts'
import type { BarScale } from './bar-scale.ts'

/** Numbers and lines of the height. */
export function Heights({ scale: { ticks, yOf, xOf, width }, nameOf = numeral }: { scale: BarScale; nameOf?: (tick: number) => string }) {
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={xOf(0)} x2={width} y1={yOf(tick)} y2={yOf(tick)} />
          <text class="tick" x={xOf(0) - 6} y={yOf(tick) + 4} text-anchor="end">
            {nameOf(tick)}
          </text>
        </g>
      ))}
    </>
  )
}

/** A date takes so much. */
const LABEL = 82

/** Dates under the bars, as many as there is room for, the last one in any case. */
export function Dates({ days, scale: { step, xOf, width }, y }: { days: readonly string[]; scale: BarScale; y: number }) {
  const every = Math.ceil(LABEL / step)
  const last = days.length - 1
  return (
    <>
      {days.map((day, index) =>
        (last - index) % every === 0 ? (
          <text key={index} class="tick" x={Math.max(LABEL / 2, Math.min(xOf(index + 0.5), width - LABEL / 2))} y={y} text-anchor="middle">
            {day}
          </text>
        ) : null,
      )}
    </>
  )
}
