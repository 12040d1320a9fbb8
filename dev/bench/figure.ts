/** One line of the table: what was measured, against what of the same run. */
export interface Figure {
  what: string
  measured: string
  against: string
  ratio: number
  /** What the ratio, or the figure, should be; '' where there is nothing to hold it against. */
  target: string
}

/** Says what is going on, while it goes on. */
export type Report = (text: string) => void

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
export const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`
