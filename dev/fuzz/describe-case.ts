import type { Kinds, FuzzCase } from './fuzz-case.ts'

/** Characters of a body or a text that are shown. */
const SHOWN = 600

/** A case in words: what happens at which look, and how to see it again. */
export function describeCase({ seed, index, look, fleet, attack }: FuzzCase, kinds: Kinds): string {
  const again = `npm run fuzz -- --seed ${seed} --case ${index}${kinds === 'all' ? '' : ` --kinds ${kinds}`}`
  const what = JSON.stringify(attack, (_, value: unknown) => shown(value), 2)
  return [`case ${index} of seed ${seed}: ${fleet.machines.length} machines, look ${look}`, what, `again: ${again}`].join('\n')
}

function shown(value: unknown): unknown {
  if (value === Infinity) return 'always'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return value.length > SHOWN ? `${value.slice(0, SHOWN)}… (${value.length} characters)` : value
  // A Buffer, as it makes itself ready for JSON.
  const isBytes = typeof value === 'object' && value !== null && 'data' in value && 'type' in value && value.type === 'Buffer'
  return isBytes ? shown(Buffer.from(value.data as number[]).toString('latin1')) : value
}
