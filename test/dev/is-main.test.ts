import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'is-main-'))
  symlinkSync(root, join(folder, 'checkout'), 'junction')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const node = (...args: string[]) => execFileSync(process.execPath, args, { encoding: 'utf8', env: { PATH: '/nowhere' } })

test.each(['preprovision', 'postprovision', 'predeploy', 'postdeploy', 'predown'])(
  '%s does its work in a folder that is a link',
  (name) => {
    // Without az and without outputs each has something to say.
    const hook = join(folder, 'checkout/infra/hooks', `${name}.mjs`)
    expect(spawnSync(process.execPath, [hook], { encoding: 'utf8', env: { PATH: '/nowhere' } }).stdout).not.toBe('')
  },
)

test('a module that is started through a link is the main one; one that is imported is not', () => {
  writeFileSync(join(folder, 'main.mjs'), `import './other.mjs'; ${tells('main')}`)
  writeFileSync(join(folder, 'other.mjs'), tells('other'))
  symlinkSync(folder, join(folder, 'link'), 'junction')
  expect(node(join(folder, 'link', 'main.mjs'))).toBe('other false\nmain true\n')
  expect(node(join(folder, 'main.mjs'))).toBe('other false\nmain true\n')
  expect(node('--input-type=module', '--eval', `import ${JSON.stringify(join(folder, 'other.mjs'))}`)).toBe('other false\n')
})

const tells = (name: string) =>
  `import { isMain } from ${JSON.stringify(join(root, 'dev/is-main.mjs'))}; console.log('${name}', isMain(import.meta.url))`

test('no program compares its paths by itself', () => {
  const places = ['dev', 'infra/hooks'].flatMap((place) => readdirSync(join(root, place)).map((name) => `${place}/${name}`))
  const programs = places.filter((path) => /\.(mjs|ts)$/.test(path) && path !== 'dev/is-main.mjs')
  expect(programs.length).toBeGreaterThan(40)
  expect(programs.filter((path) => readFileSync(join(root, path), 'utf8').includes('process.argv[1]'))).toEqual([])
})
