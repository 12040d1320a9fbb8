import { expect, it } from 'vitest'
import { runCases } from '../../dev/fuzz/run-cases.ts'

/** A tenth of what `npm run fuzz` runs; the other half of it is test/fuzz/answers.test.ts. */
const CASES = 500

it(
  `whatever another tool leaves in the tables, or the storage refuses, in ${CASES} cases: the tick ends, the others have their history, nothing is resolved unseen`,
  { timeout: 300_000 },
  async () => {
    const failures = await runCases({ seed: 20_260_302, kinds: 'rows', indexes: Array(CASES).keys(), mostFailures: 3 })
    expect(failures.map(({ text }) => text).join('\n\n')).toBe('')
  },
)
