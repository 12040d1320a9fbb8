import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Column, textTable } from '../start/text.ts'
import type { Benchmark } from './benchmarks.ts'
import { type Figure, megabytes } from './figure.ts'

const COLUMNS: readonly Column<Figure>[] = [
  { title: 'what', of: ({ what }) => what },
  { title: 'measured', right: true, of: ({ measured }) => measured },
  { title: 'against', right: true, of: ({ against }) => against },
  { title: 'ratio', right: true, of: ({ ratio }) => readable(ratio) },
  { title: 'target', of: ({ target = '' }) => target },
]

/** Three digits that matter, whatever the size: 1.27, 0.0214 */
const readable = (ratio: number) => (ratio >= 0.995 ? ratio.toFixed(2) : String(Number(ratio.toPrecision(3))))

export function table(figures: readonly Figure[]): string {
  const { header, rows } = textTable(COLUMNS, figures, 200)
  return [header, ...rows].map((line) => `  ${line}`).join('\n')
}

/** The machine, the Node version and the day: what figures of this run are worth comparing with. */
export function underWhat(now: Date): string[] {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? ''
  return [
    `Machine: ${processors.length} x ${model === '' || model === 'unknown' ? process.arch : model}, ${megabytes(totalmem())}, ${process.platform}`,
    `Node: ${process.version}`,
    `Day: ${now.toISOString().slice(0, 10)}`,
  ]
}

/** `docs/benchmarks.md`. */
export function markdown(conditions: readonly string[], measured: readonly { benchmark: Benchmark; figures: readonly Figure[] }[]): string {
  const sections = measured.map(({ benchmark, figures }) => [
    `## ${benchmark.name}: ${benchmark.question}`,
    '',
    `| ${COLUMNS.map(({ title }) => title).join(' | ')} |`,
    `|${COLUMNS.map(({ right }) => (right ? '---:' : '---')).join('|')}|`,
    ...figures.map((figure) => `| ${COLUMNS.map(({ of }) => of(figure)).join(' | ')} |`),
    '',
  ])
  return [...INTRODUCTION, ...conditions.map((line) => `- ${line}`), '', ...sections.flat(), readFileSync(LIMITS, 'utf8')].join('\n')
}

/** What the figures mean, which no program can say. */
const LIMITS = fileURLToPath(new URL('limits.md', import.meta.url))

const INTRODUCTION = [
  '# Benchmarks',
  '',
  'Written by `npm run bench -- --write`; `npm run bench -- <name>` measures one section and writes nothing.',
  'Every ratio is against something measured in the same run, on the same machine; where there are rounds, in turn, and the median of theirs:',
  'seconds differ between machines, ratios far less. The Defender simulator and the in-memory Table service of `dev/` run in processes of',
  'their own, the program from a bundle made like the deployed one. This is no test: nothing fails here.',
  '',
]
