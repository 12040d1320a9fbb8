// @ts-check
// `npm test`: the check, build, tests, in this order, up to the first that fails. Arguments go to vitest: `npm test -- test/sync`. `--full` takes
// the tests in their full sizes, in an hour or so.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { check } from './check.mjs'
import { findBrowser, NO_BROWSER } from './page/find-browser.mjs'
import { run, runStep } from './run-step.mjs'
import { summaryLine } from './test-summary.mjs'

requireSupportedNode()
ensureInstalled()
const node = process.execPath
await check()
runStep('build', node, ['dev/build.mjs'])

const args = process.argv.slice(2).filter((argument) => argument !== '--full')
if (args.length < process.argv.length - 2) process.env['PATCHTRAIL_TEST_SIZE'] = 'full'
const folder = mkdtempSync(join(tmpdir(), 'patchtrail-test-'))
const report = join(folder, 'report.json')
console.log('> tests')
const code = run(node, [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...args,
])
if (existsSync(report)) console.log(summaryLine(JSON.parse(readFileSync(report, 'utf8'))))
else console.error('vitest ended without results')
if (!findBrowser()) console.log(NO_BROWSER)
process.exitCode = existsSync(report) ? code : code || 1
rmSync(folder, { recursive: true })
