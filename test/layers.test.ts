import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, it, onTestFinished } from 'vitest'
import cruiserConfig from '../.dependency-cruiser.mjs'

const { forbidden = [] } = cruiserConfig

/** The names of the rules that a tree of files breaks; a file is what it imports. */
async function broken(files: Record<string, readonly string[]>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'patchtrail-layers-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, imports] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${imports.map((from) => `import '${from}'\n`).join('')}export {}\n`)
  }
  const { output } = await cruise(['.'], { baseDir: root, ruleSet: { forbidden }, validate: true })
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name)
}

const arrow = (from: string, to: string) => broken({ [`src/${from}/one.mjs`]: [`../${to}/other.mjs`], [`src/${to}/other.mjs`]: [] })

describe('the layers', () => {
  it.each([
    ['domain', 'store'],
    ['domain', 'defender'],
    ['defender', 'store'],
    ['store', 'sync'],
    ['store', 'defender'],
    ['sources', 'sync'],
    ['sources', 'store'],
    ['sync', 'history'],
    ['history', 'sync'],
    ['history', 'defender'],
    ['edge', 'http'],
    ['edge', 'feed'],
    ['http', 'feed'],
    ['feed', 'http'],
    ['feed', 'sync'],
    ['page', 'store'],
    ['page', 'feed'],
    ['http', 'page'],
    ['edge', 'page'],
    ['schedule', 'domain'],
    ['catalogue', 'sync'],
    ['sync', 'catalogue'],
    ['store', 'catalogue'],
  ])('%s may not know %s', async (from, to) => {
    expect(await arrow(from, to)).toContain(`${from}-knows-only-what-is-below`)
  })

  it.each([
    ['store', 'domain'],
    ['sync', 'store'],
    ['history', 'store'],
    ['catalogue', 'store'],
    ['catalogue', 'defender'],
    ['http', 'edge'],
    ['feed', 'history'],
    ['page', 'http'],
  ])('%s may know %s', async (from, to) => {
    expect(await arrow(from, to)).toEqual([])
  })

  it('domain imports nothing of the rest of src', async () => {
    expect(await broken({ 'src/domain/one.mjs': ['../clock.mjs'], 'src/clock.mjs': [] })).toEqual(['domain-imports-nothing-of-the-rest'])
  })

  it.each(['store', 'defender', 'history', 'domain'])('%s may not know what the program is made of', async (folder) => {
    const rules = await broken({ [`src/${folder}/one.mjs`]: ['../program.ts'], 'src/program.ts': [] })
    expect(rules).toContain('the-root-is-known-by-who-acts-for-a-tenant')
  })

  it('what lies beside the folders knows nothing of them', async () => {
    expect(await broken({ 'src/clock.ts': ['./store/one.mjs'], 'src/store/one.mjs': [] })).toEqual(['the-ground-knows-nothing'])
  })

  it.each(['dev', 'test', 'functions', 'web'])('src knows no %s', async (folder) => {
    const rules = await broken({ 'src/one.mjs': [`../${folder}/other.mjs`], [`${folder}/other.mjs`]: [] })
    expect(rules).toEqual(['src-knows-no-functions-tests-or-tools'])
  })

  it('what runs in a browser knows pure rules of the domain, and nothing else', async () => {
    const [rule, route] = [{ 'src/domain/other.mjs': [] }, { 'src/http/other.mjs': [] }]
    expect(await broken({ 'web/one.mjs': ['../src/domain/other.mjs'], ...rule })).toEqual([])
    expect(await broken({ 'web/one.mjs': ['../src/http/other.mjs'], ...route })).toEqual(['the-browser-knows-no-server'])
  })

  it('the oracle knows nothing of the program but how to run it', async () => {
    const rule = { 'src/domain/other.mjs': [] }
    expect(await broken({ 'dev/oracle/one.mjs': ['../../src/domain/other.mjs'], ...rule })).toEqual([
      'the-oracle-knows-no-rule-of-the-program',
    ])
    expect(await broken({ 'dev/oracle/app-process.ts': ['../../src/domain/other.mjs'], ...rule })).toEqual([])
  })

  it('no import leads round in a circle', async () => {
    const rules = await broken({ 'src/store/one.mjs': ['./other.mjs'], 'src/store/other.mjs': ['./one.mjs'] })
    expect(new Set(rules)).toEqual(new Set(['no-circle']))
  })
})
