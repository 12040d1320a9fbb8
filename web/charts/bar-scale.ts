import { ticksOf } from './ticks.ts'

export interface BarScale {
  width: number
  ticks: readonly number[]
  /** From one bar to the next. */
  step: number
  xOf: (index: number) => number
  yOf: (value: number) => number
}

export interface BarFrame {
  height: number
  left: number
  top: number
  bottom: number
  /** Of a bar with its gap: a few snapshots make no walls. */
  mostStep: number
}

/** Where bars stand in a picture, `most` the highest of them. */
export function barScale({ height, left, top, bottom, mostStep }: BarFrame, width: number, count: number, most: number): BarScale {
  const ticks = ticksOf(Math.max(1, most))
  const highest = ticks.at(-1) ?? 1
  const step = Math.min(mostStep, (width - left) / Math.max(1, count))
  return {
    ...{ width, ticks, step },
    xOf: (index) => left + index * step,
    yOf: (value) => top + (height - bottom - top) * (1 - value / highest),
  }
}
