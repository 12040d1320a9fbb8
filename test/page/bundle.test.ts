import { beforeAll, describe, expect, it } from 'vitest'
import { bundle, type Bundle } from '../../dev/build.mjs'

let made: Bundle
beforeAll(async () => {
  made = await bundle()
})

/** The outputs that are read together with one: what it imports, but not what it imports when it needs it. */
function readWith(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const { path, kind, external } of made.metafile.outputs[name]?.imports ?? [])
    if (external !== true && kind !== 'dynamic-import') readWith(path, seen)
  return seen
}

describe('the reading of public facts, in the bundle of the app', () => {
  it('is a chunk that its own timer reads: a tick that starts does not', () => {
    const holding = Object.entries(made.metafile.outputs).filter(([, { inputs }]) =>
      Object.keys(inputs).some((input) => input.startsWith('src/catalogue/')),
    )
    expect(holding).toHaveLength(1)
    const [[chunk, { inputs }] = ['', { inputs: {} }]] = holding
    expect(Object.keys(inputs).filter((input) => !input.startsWith('src/catalogue/'))).toEqual([])
    expect(readWith('dist/main.js').has(chunk)).toBe(false)
  })
})

describe('zod, in the bundle of the app', () => {
  it('speaks English only', () => {
    const locales = Object.values(made.metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((input) => input.includes('/locales/')),
    )
    expect(locales.map((input) => input.split('/').at(-1)).sort()).toEqual(['en.js', 'index.js'])
  })
})

describe('the page, in the bundle of the app', () => {
  it('is one chunk that is read when somebody asks for it: a timer that starts does not', () => {
    const { outputs } = made.metafile
    const chunks = Object.keys(outputs).filter((name) =>
      Object.keys(outputs[name]?.inputs ?? {}).some((input) => input.includes('virtual:page-files')),
    )
    expect(chunks).toHaveLength(1)
    const [chunk = ''] = chunks
    expect(readWith('dist/main.js').has(chunk)).toBe(false)
    const importers = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ path }) => path === chunk).map(({ kind }) => kind))
    expect(importers).toEqual(['dynamic-import'])
    // And nothing of it has come into the rest.
    const bytes = Object.keys(outputs[chunk]?.inputs ?? {})
    expect(bytes).toEqual(['page-files:virtual:page-files'])
  })

  it('is in no other script: main knows neither its framework nor its words', () => {
    for (const { path, contents } of made.files.filter(({ path: one }) => one.endsWith('main.js')))
      expect(Buffer.from(contents).toString(), path).not.toMatch(/createElementNS|<!doctype html>/)
  })
})
