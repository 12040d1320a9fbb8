// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LICENCE_FILE = /^(licen[cs]e|copying|notice|third-?party-?notices?)([.-].*)?$/i

/**
 * The licence notices of the packages whose code is in a bundle: many licences ask that they go with it.
 * @param {string} root the folder of `node_modules`
 * @param {import('esbuild').Metafile} metafile
 * @returns {string} one section a package and version, by name
 */
export function noticesOf(root, metafile) {
  const sections = packageFolders(metafile).map((folder) => noticeOf(join(root, folder)))
  const unique = [...new Map(sections.map((section) => [section.title, section])).values()]
  const sorted = unique.sort((one, other) => (one.title < other.title ? -1 : 1))
  const head = `patchtrail's bundle holds code of these ${unique.length} packages.\n`
  return [head, ...sorted.map(({ title, text }) => `${'='.repeat(80)}\n${title}\n\n${text}\n`)].join('\n')
}

/**
 * `node_modules/a/node_modules/@b/c/dist/x.js` -> `node_modules/a/node_modules/@b/c`; only of what is in an output, not of what was only read.
 * @param {import('esbuild').Metafile} metafile
 */
function packageFolders(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  const folders = inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [])
  return [...new Set(folders)]
}

/**
 * A package without a licence file is named with what its package.json says.
 * @param {string} folder
 * @returns {{ title: string, text: string }}
 */
function noticeOf(folder) {
  /** @type {{ name: string, version: string, license?: string }} */
  const { name, version, license = 'no licence named' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => LICENCE_FILE.test(file)) : []
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim())
  const text = texts.length > 0 ? texts.join('\n\n') : 'The package has no licence file.'
  return { title: `${name} ${version} (${license})`, text }
}
