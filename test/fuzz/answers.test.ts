import { expect, it } from 'vitest'
import { runCases } from '../../dev/fuzz/run-cases.ts'
import { sized } from '../support/test-size.ts'

/** Some of what `npm run fuzz` runs; the others are in test/fuzz/rows.test.ts. */
const CASES = sized(80, 500)

it(
  `whatever Defender answers, in ${CASES} cases: the tick ends, the others have their history, nothing is resolved unseen`,
  { timeout: 600_000 },
  async () => {
    const failures = await runCases({ seed: 20_260_302, kinds: 'answers', indexes: Array(CASES).keys(), mostFailures: 3 })
    expect(failures.map(({ text }) => text).join('\n\n')).toBe('')
  },
)
