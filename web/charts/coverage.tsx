import type { Snapshot } from '../data/answers.ts'
import { day, minute, numeral, percent } from '../parts/figures.ts'
import { Dates, Heights } from './axes.tsx'
import { type BarFrame, type BarScale, barScale } from './bar-scale.ts'
import { Stripes } from './hatches.tsx'
import { pausesIn } from './pauses.ts'
import { useChoice } from './use-choice.ts'
import { useWidth } from './use-width.ts'

interface Props {
  /** The oldest first. */
  snapshots: readonly Snapshot[]
  onChoose: (snapshot: Snapshot) => void
}

const MOST_WIDTH = 720
const FRAME: BarFrame = { height: 170, left: 56, top: 30, bottom: 22, mostStep: 90 }
/** Of the cells above the bars, one a snapshot. */
const CELL = { y: 2, height: 14 }

/**
 * What is lacking to 100 %, hanging from it: machines that gave no answer, down to the coverage, and silent ones, down to the assessed. From
 * the whole down, since what is lacking is little, and would not be seen beside the whole.
 */
export function Coverage({ snapshots, onChoose }: Props) {
  const { place, width } = useWidth(MOST_WIDTH)
  const most = Math.max(0, ...snapshots.map((snapshot) => lackOf(snapshot).silent))
  const standing = barScale(FRAME, width, snapshots.length, Math.ceil(most))
  // Down instead of up.
  const scale = { ...standing, yOf: (value: number) => FRAME.top + FRAME.height - FRAME.bottom - standing.yOf(value) }
  const { at, current, handlers } = useChoice(snapshots, scale, onChoose)
  return (
    <figure class="chart">
      <svg
        ref={place}
        viewBox={`0 0 ${width} ${FRAME.height}`}
        class="strip choosable"
        role="img"
        aria-label={`Coverage of the last ${snapshots.length} snapshots, and assessed. Arrows move, Enter shows who is unknown.`}
        tabindex={0}
        {...handlers}
      >
        <defs>
          <Stripes id="silent" width={4} angle={45} class="" />
        </defs>
        <Heights scale={scale} nameOf={(tick) => `${100 - tick} %`} />
        {snapshots.map((snapshot, index) => (
          <Column key={snapshot.snapshotId} snapshot={snapshot} scale={scale} index={index} isChosen={index === at} />
        ))}
        <Pauses snapshots={snapshots} scale={scale} />
        <Dates days={snapshots.map(({ startedAt }) => day(startedAt))} scale={scale} y={FRAME.height - 6} />
      </svg>
      <Legend snapshots={snapshots} />
      <figcaption aria-live="polite">{current && sentence(current)}</figcaption>
    </figure>
  )
}

/** What is lacking in percent, one on top of the other; of what never ended nothing is told. */
function lackOf({ status, coverage, assessed }: Snapshot): { unknown: number; silent: number } {
  if (status !== 'completed' && status !== 'incomplete') return { unknown: 0, silent: 0 }
  const unknown = 100 * (1 - coverage)
  return { unknown, silent: assessed === null ? unknown : 100 * (1 - assessed) }
}

interface ColumnProps {
  snapshot: Snapshot
  scale: BarScale
  index: number
  isChosen: boolean
}

function Column({ snapshot, scale: { xOf, yOf, step }, index, isChosen }: ColumnProps) {
  const sides = { x: xOf(index) + step * 0.1, width: step * 0.8 }
  const { unknown, silent } = lackOf(snapshot)
  return (
    <g class={isChosen ? 'bar chosen' : 'bar'}>
      <rect class={toneOf(snapshot)} {...sides} {...CELL} />
      {unknown > 0 && <rect class="unknown" {...sides} y={yOf(0)} height={yOf(unknown) - yOf(0)} />}
      {silent > unknown && <rect class="silent" fill="url(#silent)" {...sides} y={yOf(unknown)} height={yOf(silent) - yOf(unknown)} />}
    </g>
  )
}

function toneOf({ status, coverage }: Snapshot): string {
  if (status === 'pending' || status === 'running') return 'running'
  if (status === 'failed') return 'failed'
  return coverage === 1 ? 'whole' : coverage >= 0.95 ? 'nearly' : 'partly'
}

/** Where there was no snapshot for longer than usual. */
export function Pauses({ snapshots, scale: { xOf } }: { snapshots: readonly Snapshot[]; scale: BarScale }) {
  return (
    <>
      {[...pausesIn(snapshots.map(({ startedAt }) => startedAt))].map((index) => (
        <line key={index} class="pause" x1={xOf(index)} x2={xOf(index)} y1={0} y2={FRAME.height - FRAME.bottom} />
      ))}
    </>
  )
}

const TONES = {
  whole: 'all answered',
  nearly: '95 % or more answered',
  partly: 'fewer answered',
  failed: 'failed',
  running: 'under way',
} as const

/** Of what is in the picture. */
function Legend({ snapshots }: Pick<Props, 'snapshots'>) {
  const tones = new Set(snapshots.map(toneOf))
  const lacks = snapshots.map(lackOf)
  return (
    <ul class="legend">
      {Object.entries(TONES).map(
        ([tone, title]) =>
          tones.has(tone) && (
            <li key={tone}>
              <span class={`swatch ${tone}`} /> {title}
            </li>
          ),
      )}
      {lacks.some(({ unknown }) => unknown > 0) && (
        <li>
          <span class="swatch unknown" /> unknown, down to the coverage
        </li>
      )}
      {lacks.some(({ unknown, silent }) => silent > unknown) && (
        <li>
          <span class="swatch at-least" /> silent, down to the assessed
        </li>
      )}
      {pausesIn(snapshots.map(({ startedAt }) => startedAt)).size > 0 && <li>┊ longer than usual without a snapshot</li>}
    </ul>
  )
}

function sentence({ startedAt, status, machines, coverage, assessed }: Snapshot): string {
  const { observed, unknown, silent } = machines
  const seen = `${numeral(observed)} observed, ${numeral(unknown)} unknown, coverage ${percent(coverage)}`
  const told = assessed === null ? '' : `; assessed ${percent(assessed)}, ${numeral(silent ?? 0)} silent`
  return `${minute(startedAt)}: ${status}, ${seen}${told}`
}
