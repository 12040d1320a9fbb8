/** Round numbers from 0 up to at least a value, at most six. */
export function ticksOf(most: number): number[] {
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 1)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}
