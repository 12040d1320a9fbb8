/** So many times the usual distance between two snapshots, and one was left out. */
const LONG = 1.75

/** Places of the snapshots, oldest first, before which there was none for longer than usual. */
export function pausesIn(startedAts: readonly string[]): Set<number> {
  const starts = startedAts.map((at) => Date.parse(at))
  const distances = starts.slice(1).map((ms, index) => ms - (starts[index] ?? ms))
  const usual = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0
  return new Set(distances.flatMap((distance, index) => (distance > LONG * usual ? [index + 1] : [])))
}
