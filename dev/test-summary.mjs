// @ts-check

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: TestFile[] }} Report
 */

/**
 * The last line of `npm test`: `412 passed, 0 failed`, and `, 3 skipped` where there are any.
 * @param {Report} report of vitest's JSON reporter
 */
export function summaryLine({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const skipped = numPendingTests + numTodoTests
  return `${numPassedTests} passed, ${numFailedTests + brokenFiles.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
