import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isInstalled } from '../../dev/install.mjs'
import { isSupportedNode, oldestNode } from '../../dev/node-version.mjs'
import { summaryLine } from '../../dev/test-summary.mjs'

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))

test.each([
  ['20.18.1', true],
  ['20.18.0', false],
  ['20.9.5', false],
  ['18.20.4', false],
  ['22.0.0', true],
  ['24.21.0', true],
  ['20.19.0-rc.1', true],
])('Node %s is supported: %s', (version, supported) => expect(isSupportedNode(version)).toBe(supported))

test('the oldest Node is the one in package.json', () => {
  expect((readJson('package.json') as { engines: { node: string } }).engines.node).toBe(`>=${oldestNode}`)
})

test('what is installed here is what the lock file names', () => {
  const lock = readJson('package-lock.json') as Parameters<typeof isInstalled>[0]
  expect(isInstalled(lock, readJson('node_modules/.package-lock.json') as typeof lock)).toBe(true)
})

test('the lock file names the packages of every platform, without which npm ci refuses it', () => {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, { optionalDependencies?: Record<string, string> }> }
  const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
  const paths = Object.keys(packages)
  expect(optional.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([])
})

test('a package that is missing, of another version or another content asks for an installation; a missing optional one does not', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' }
  const lock = { packages: { '': {}, 'node_modules/a': a, 'node_modules/b': { ...a, optional: true } } }
  expect(isInstalled(lock, undefined)).toBe(false)
  expect(isInstalled(lock, { packages: {} })).toBe(false)
  expect(isInstalled(lock, { packages: { 'node_modules/a': a } })).toBe(true)
  expect(isInstalled(lock, { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } })).toBe(false)
  expect(isInstalled(lock, { packages: { 'node_modules/a': { ...a, integrity: 'sha512-b' } } })).toBe(false)
})

test('the summary counts tests, and files that could not be loaded as failures', () => {
  const counts = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 }
  const failed = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }
  expect(summaryLine({ ...counts, testResults: [failed] })).toBe('5 passed, 1 failed')
  expect(summaryLine({ ...counts, testResults: [failed, { status: 'failed', assertionResults: [] }] })).toBe('5 passed, 2 failed')
  expect(summaryLine({ ...counts, numPendingTests: 2, numTodoTests: 1, testResults: [failed] })).toBe('5 passed, 1 failed, 3 skipped')
})
