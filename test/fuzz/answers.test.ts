import { expect, it } from 'vitest'
import { runCases } from '../../dev/fuzz/run-cases.ts'

/** A tenth of what `npm run fuzz` runs; the other half of it is test/fuzz/rows.test.ts. */
const CASES = 500

it(
  `whatever Defender answers, in ${CASES} cases: the tick ends, the others have their history, nothing is resolved unseen`,
  { timeout: 300_000 },
  async () => {
    const failures = await runCases({ seed: 20_260_302, kinds: 'answers', indexes: Array(CASES).keys(), mostFailures: 3 })
    expect(failures.map(({ text }) => text).join('\n\n')).toBe('')
  },
)
