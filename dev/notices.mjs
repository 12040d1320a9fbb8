// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LICENCE_FILE = /^(licen[cs]e|copying|notice|third-?party-?notices?)([.-].*)?$/i

/**
 * @typedef {object} BundledPackage
 * @property {string} folder from the root: `node_modules/a`
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} license as its package.json names it
 */

/**
 * The licence notices of the packages whose code is in a bundle: many licences ask that they go with it.
 * @param {string} root the folder of `node_modules`
 * @param {import('esbuild').Metafile} metafile
 * @returns {string} one section a package and version, by name
 */
export function noticesOf(root, metafile) {
  const packages = bundledPackages(root, metafile)
  const head = `patchtrail's bundle holds code of these ${packages.length} packages.\n`
  return [head, ...packages.map((one) => `${'='.repeat(80)}\n${titleOf(one)}\n\n${noticeOf(join(root, one.folder))}\n`)].join('\n')
}

/**
 * The packages whose code is in a bundle, each version once, by name.
 * @param {string} root the folder of `node_modules`
 * @param {import('esbuild').Metafile} metafile
 * @returns {BundledPackage[]}
 */
export function bundledPackages(root, metafile) {
  const found = packageFolders(metafile).map((folder) => {
    /** @type {{ name: string, version: string, license?: string }} */
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return { folder, name, version, license }
  })
  const unique = [...new Map(found.map((one) => [titleOf(one), one])).values()]
  return unique.sort((one, other) => (titleOf(one) < titleOf(other) ? -1 : 1))
}

/** @param {BundledPackage} one */
const titleOf = ({ name, version, license = 'no licence named' }) => `${name} ${version} (${license})`

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
 * The texts of a package's licence.
 * @param {string} folder
 */
function noticeOf(folder) {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim())
  return texts.length > 0 ? texts.join('\n\n') : 'The package has no licence file.'
}
