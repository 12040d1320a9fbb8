import { writeFileSync } from 'node:fs'
import { BENCHMARKS, type Benchmark } from './benchmarks.ts'
import { readOptions } from './options.ts'
import { markdown, table, underWhat } from './report.ts'
import type { Figure } from './figure.ts'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

/**
 * `npm run bench [-- name... | --write]`: measures, prints a table, and with `--write` makes `docs/benchmarks.md` of all of them. It
 * judges nothing: a machine that is busy otherwise gives other figures.
 */
export async function bench(argv: readonly string[]): Promise<void> {
  const { names, write } = readOptions(
    argv,
    BENCHMARKS.map(({ name }) => name),
  )
  const conditions = underWhat(new Date())
  console.log(conditions.join('\n'))
  const measured: { benchmark: Benchmark; figures: Figure[] }[] = []
  for (const benchmark of BENCHMARKS.filter(({ name }) => names.includes(name))) {
    console.log(`\n${benchmark.name}: ${benchmark.question}`)
    const figures = await benchmark.measure((text) => console.log(`  ${text}`))
    measured.push({ benchmark, figures })
    console.log(table(figures))
  }
  if (write) writeFileSync(PAGE, markdown(conditions, measured))
}
