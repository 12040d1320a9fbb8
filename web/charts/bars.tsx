import { Fragment } from 'preact'
import { AGE_BUCKETS, sumOf } from '../../src/domain/age.ts'
import type { TrendPoint } from '../data/figures.ts'
import type { BarScale } from './bar-scale.ts'

interface Props {
  points: readonly TrendPoint[]
  scale: BarScale
  /** The bar that is looked at. */
  at: number
}

/** The part of a bar that one age has. */
interface Part {
  age: number
  /** Pairs up to its foot, and up to its head. */
  from: number
  to: number
  /** How many of it are "at least": they stand at its foot. */
  atLeast: number
}

/** Parts of a bar from its foot, where the oldest are. */
function partsOf({ pairs, pairsAtLeast }: TrendPoint): Part[] {
  let foot = 0
  return AGE_BUCKETS.map((_, age) => AGE_BUCKETS.length - 1 - age).map((age) => {
    const from = foot
    foot += pairs[age] ?? 0
    return { age, from, to: foot, atLeast: pairsAtLeast[age] ?? 0 }
  })
}

/** How much of its room a bar takes. */
const PART_OF_STEP = 0.76

const sidesOf = ({ xOf, step }: BarScale, index: number) => ({
  x: xOf(index) + (step * (1 - PART_OF_STEP)) / 2,
  width: step * PART_OF_STEP,
})

/** Each bar by itself. */
export function FewBars({ points, scale, at }: Props) {
  return (
    <>
      {points.map((point, index) => (
        <g key={point.snapshotId} class={index === at ? 'bar chosen' : 'bar'}>
          <Bar point={point} scale={scale} index={index} />
          <Gap point={point} scale={scale} index={index} />
        </g>
      ))}
    </>
  )
}

function Bar({ point, scale, index }: { point: TrendPoint; scale: BarScale; index: number }) {
  const { yOf } = scale
  const sides = sidesOf(scale, index)
  return (
    <>
      {partsOf(point).map(({ age, from, to, atLeast }) => (
        <Fragment key={age}>
          <rect class={`age${age}`} {...sides} y={yOf(to)} height={yOf(from) - yOf(to)} />
          {atLeast > 0 && (
            <rect
              class="at-least"
              fill={`url(#at-least${age})`}
              {...sides}
              y={yOf(from + atLeast)}
              height={yOf(from) - yOf(from + atLeast)}
            />
          )}
        </Fragment>
      ))}
    </>
  )
}

/** Where a snapshot does not speak of all machines. */
function Gap({ point, scale: { xOf, yOf }, index }: { point: TrendPoint; scale: BarScale; index: number }) {
  if (point.coverage >= 1) return null
  return (
    <text class="gap" x={xOf(index + 0.5)} y={yOf(sumOf(point.pairs)) - 3} text-anchor="middle">
      ▲
    </text>
  )
}

/** All bars as one shape an age, and one more of what is "at least" in it. */
export function Bars({ points, scale, at }: Props) {
  const { yOf } = scale
  const current = points[at]
  const shapes = points.map(partsOf)
  const shapeOf = (age: number, topOf: (part: Part) => number) =>
    shapes
      .flatMap((parts, index) => {
        const part = parts.find((one) => one.age === age)
        const { x, width } = sidesOf(scale, index)
        return part && topOf(part) > part.from ? `M${x} ${yOf(part.from)}V${yOf(topOf(part))}h${width}V${yOf(part.from)}Z` : []
      })
      .join('')
  return (
    <>
      {AGE_BUCKETS.map(({ from }, age) => (
        <g key={from} class="bars">
          <path class={`age${age}`} d={shapeOf(age, ({ to }) => to)} />
          <path class="at-least" fill={`url(#at-least${age})`} d={shapeOf(age, (part) => part.from + part.atLeast)} />
        </g>
      ))}
      {points.map((point, index) => (
        <Gap key={point.snapshotId} point={point} scale={scale} index={index} />
      ))}
      {current && (
        <g class="bar chosen">
          <rect fill="none" {...sidesOf(scale, at)} y={yOf(sumOf(current.pairs))} height={yOf(0) - yOf(sumOf(current.pairs))} />
        </g>
      )}
    </>
  )
}
