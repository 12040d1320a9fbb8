/** A GET of the program's API, and the figures that must be in its answer. */
export interface Question {
  path: string
  expected: unknown
}
