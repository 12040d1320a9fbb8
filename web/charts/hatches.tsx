import { AGE_BUCKETS } from '../../src/domain/age.ts'

/** Stripes over an age that is "at least", one pattern for each, as what shows on a light one does not on a dark one. */
export function AgeHatches() {
  return (
    <defs>
      {AGE_BUCKETS.map(({ from }, age) => (
        <Stripes key={from} id={`at-least${age}`} width={6} angle={45} class={`stripe${age}`} />
      ))}
    </defs>
  )
}

interface StripesProps {
  id: string
  /** From one stripe to the next. */
  width: number
  angle: number
  class: string
}

/** A pattern of stripes, in the colour of a class. */
export function Stripes({ id, width, angle, class: name }: StripesProps) {
  return (
    <pattern id={id} width={width} height={width} patternUnits="userSpaceOnUse" patternTransform={`rotate(${angle})`}>
      <path d={`M${width / 2} 0V${width}`} class={`stripe ${name}`} />
    </pattern>
  )
}
