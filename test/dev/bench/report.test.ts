import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BENCHMARKS } from '../../../dev/bench/benchmarks.ts'
import { markdown, table, underWhat } from '../../../dev/bench/report.ts'

const figure = { what: 'calls used', measured: '98', against: '100', ratio: 0.98, target: 'at least 0.98' }

describe('the report of the benchmarks', () => {
  it('shows three digits that matter of each ratio', () => {
    expect(table([figure, { ...figure, ratio: 0.02139 }, { ...figure, ratio: 1.274 }])).toMatch(/0\.98 .*\n.*0\.0214 .*\n.*1\.27 /)
  })

  it('has a section a benchmark, under the conditions it was run in, and ends with where the limits are', () => {
    const [benchmark] = BENCHMARKS
    if (!benchmark) throw new Error('there are no benchmarks')
    const page = markdown(underWhat(new Date('2026-11-22T00:00:00Z')), [{ benchmark, figures: [figure] }])
    expect(page).toContain('- Day: 2026-11-22\n')
    expect(page).toContain('| calls used | 98 | 100 | 0.98 | at least 0.98 |')
    expect(page.indexOf('## unchanged')).toBeLessThan(page.indexOf('## Where the limit is now'))
  })

  it('was kept of every benchmark, and of no other', () => {
    const page = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8')
    const sections = [...page.matchAll(/^## (\w+): (.*)$/gm)].map(([, name, question]) => ({ name, question }))
    expect(sections).toEqual(BENCHMARKS.map(({ name, question }) => ({ name, question })))
    expect(page).toContain(readFileSync(new URL('../../../dev/bench/limits.md', import.meta.url), 'utf8'))
  })
})
