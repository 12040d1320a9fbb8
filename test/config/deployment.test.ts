import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const listed = (...args: string[]) =>
  execFileSync('git', ['ls-files', ...args], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)

/** What is no file of the repository: tools and commands make it, or a person. */
const MADE = ['.patchtrail/', '.vscode/', 'build/', 'node_modules/', '*.map', '*.zip']

// `.funcignore` is read like a `.gitignore`, so git can tell what it leaves.
describe.runIf(existsSync(`${root}/.git`))('.funcignore', () => {
  it('leaves host.json and package.json beside the bundle, and nothing else', () => {
    const ignored = new Set(listed('--cached', '--ignored', '--exclude-from=.funcignore'))
    expect(listed().filter((path) => !ignored.has(path))).toEqual(['host.json', 'package.json'])
  })

  it('names nothing that is not there', () => {
    const patterns = readFileSync(`${root}/.funcignore`, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    const idle = patterns.filter((pattern) => listed('--cached', '--ignored', `--exclude=${pattern}`).length === 0)
    expect(idle.sort()).toEqual([...MADE].sort())
  })
})
