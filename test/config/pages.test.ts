import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** The anchor of a heading, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
const anchorsOf = (page: string) => [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading ?? ''))

function isThere(page: string, target: string): boolean {
  const [path = '', hash] = target.split('#')
  const url = path === '' ? new URL(page, root) : new URL(path, new URL(page, root))
  if (!existsSync(url)) return false
  return hash === undefined || anchorsOf(url.pathname.slice(root.pathname.length)).includes(hash)
}

describe('the pages', () => {
  it.each(PAGES)('%s links to files and headings that are there', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !/^https?:/.test(target))
    expect(targets.filter((target) => !isThere(page, target))).toEqual([])
  })

  it.each(['docs/glossary.md', 'docs/architecture.md', 'CONTRIBUTING.md'])('%s names files and folders that are there', (page) => {
    const named = [...read(page).matchAll(/`([\w./-]+(?:\.m?[tj]s|\/))`/g)].map(([, path]) => path ?? '')
    const isNamed = (path: string) => existsSync(new URL(path, root)) || existsSync(new URL(`src/${path}`, root))
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((path) => !isNamed(path))).toEqual([])
  })

  it('are all linked from README', () => {
    const readme = read('README.md')
    expect(PAGES.filter((page) => page !== 'README.md' && !readme.includes(`](${page}`))).toEqual([])
  })

  it('name every header by which a proxy changes links', () => {
    const headers = [...read('src/edge/public-origin.ts').matchAll(/'(x-[a-z-]+)'/g)].map(([, header]) => header ?? '')
    expect(headers.length).toBeGreaterThan(2)
    const page = read('docs/reading-history.md').toLowerCase()
    expect(headers.filter((header) => !page.includes(`\`${header}\``))).toEqual([])
  })
})
