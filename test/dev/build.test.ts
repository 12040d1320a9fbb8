import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { build, findProblems, startBytes } from '../../dev/build.mjs'

const folder = mkdtempSync(join(tmpdir(), 'patchtrail-build-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

test('a bundle runs where there are no packages, as a worker without any loader starts it', async () => {
  const { bytes, files } = await build({ entry: path('./fixture-bundle.ts'), outdir: join(folder, 'dist') })
  expect(files).toContain(join(folder, 'dist', 'main.js'))
  expect(bytes).toBeGreaterThan(100_000)
  // What is imported lazily is in a file of its own.
  expect(readdirSync(join(folder, 'dist')).filter((name) => /^chunk-.*\.js$/.test(name))).not.toEqual([])
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'dist/main.js' }))
  const output = execFileSync(process.execPath, [path('./fixture-worker.cjs'), folder], { cwd: folder, encoding: 'utf8' })
  expect(JSON.parse(output)).toEqual({ model: '@azure/functions', functions: ['credential'], answer: 'DefaultAzureCredential' })
})

test('the notices name every package of the bundle with its licence, and are deployed with it', () => {
  const notices = readFileSync(join(folder, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  expect(notices).toMatch(/^@azure\/identity \d+\.\d+\.\d+ \(MIT\)\n\nCopyright \(c\) Microsoft/m)
  expect(notices).not.toMatch(/^esbuild /m)
  const ignored = readFileSync(path('../../.funcignore'), 'utf8').split('\n')
  for (const line of ['dist/', '*.txt', 'THIRD-PARTY-NOTICES.txt']) expect(ignored).not.toContain(line)
})

test('what only Azure would find missing is found by the build', () => {
  const output = (paths: string[]) => ({
    bytes: 1,
    inputs: {},
    exports: [],
    imports: paths.map((one) => ({ path: one, kind: 'import-statement' as const, external: true })),
  })
  const input = { bytes: 1, imports: [] }
  const meta = (inputs: string[], imports: string[]) => ({
    inputs: Object.fromEntries(inputs.map((one) => [one, input])),
    outputs: { main: output(imports) },
  })
  expect(
    findProblems(
      meta(['node_modules/@azure/functions/dist/azure-functions.js'], ['node:fs', 'fs', 'fs/promises', '@azure/functions-core']),
    ),
  ).toEqual([])
  expect(findProblems(meta([], ['left-pad', 'left-pad']))).toEqual(['it needs "left-pad", which is not in it'])
  expect(
    findProblems(meta(['node_modules/@azure/functions/dist/a.js', 'node_modules/x/node_modules/@azure/functions/dist/a.js'], []))[0],
  ).toContain('2 copies')
})

test('a start reads the script and what it imports at once, each file once, and nothing that is imported later', () => {
  const output = (bytes: number, imports: readonly (readonly [string, 'import-statement' | 'dynamic-import'])[], external = false) => ({
    bytes,
    inputs: {},
    exports: [],
    imports: imports.map(([imported, kind]) => ({ path: imported, kind, external })),
  })
  const outputs = {
    'dist/main.js': output(1, [
      ['dist/a.js', 'import-statement'],
      ['dist/later.js', 'dynamic-import'],
    ]),
    'dist/a.js': output(20, [
      ['dist/b.js', 'import-statement'],
      ['dist/main.js', 'import-statement'],
    ]),
    'dist/b.js': output(300, [['node:fs', 'import-statement']], true),
    'dist/later.js': output(4_000, [['dist/b.js', 'import-statement']]),
  }
  expect(startBytes({ inputs: {}, outputs })).toBe(321)
})
