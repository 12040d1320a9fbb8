import type { Worker } from './processes.ts'
import type { Compared } from './rounds.ts'

/** One line of the table: what was measured, against what of the same run. */
export interface Figure {
  what: string
  measured: string
  against: string
  ratio: number
  /** What the ratio, or the figure, should be; nothing where there is nothing to hold it against. */
  target?: string
}

/** Says what is going on, while it goes on. */
export type Report = (text: string) => void

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
export const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`

/** How many milliseconds two things took. */
export const timeFigure = (what: string, { first, second, ratio }: Compared, target = ''): Figure => ({
  what,
  measured: seconds(first),
  against: seconds(second),
  ratio,
  target,
})

/** The most memory that a worker ever had resident, against what it had when it started. */
export async function peakFigure(worker: Worker, of: string, target = ''): Promise<Figure> {
  const { bytes } = await worker.run('peakMemory')
  return {
    what: `peak memory ${of}`,
    measured: megabytes(bytes),
    against: `${megabytes(worker.idleBytes)} when started`,
    ratio: bytes / worker.idleBytes,
    target,
  }
}
