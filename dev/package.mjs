// @ts-check
// `npm run package`: build/patchtrail.zip, which a release publishes and a deployment sends as it is. Same commit, same bytes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './build.mjs'
import { deployedPackageJson } from './deployed-package-json.mjs'
import { ensureInstalled } from './install.mjs'
import { requireSupportedNode } from './node-version.mjs'
import { root } from './run-step.mjs'

/** @typedef {{ name: string, contents: Uint8Array }} PackageFile its name has slashes and begins at the root of the package */

/**
 * What a deployment takes, in memory: the scripts just as `npm run build` writes them, so that its source maps fit them, but no maps.
 * @returns {Promise<PackageFile[]>} by name
 */
export async function packageFiles() {
  const { files } = await bundle()
  const bundled = files
    .filter(({ path }) => !path.endsWith('.map'))
    .map(({ path, contents }) => ({ name: relative(root, path).split(sep).join('/'), contents }))
  // Whoever passes a copy on has to pass the licence on.
  const copied = ['LICENSE', 'host.json'].map((name) => ({ name, contents: readFileSync(join(root, name)) }))
  const described = { name: 'package.json', contents: Buffer.from(deployedPackageJson()) }
  return [...bundled, ...copied, described].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/**
 * Writes the zip. Where that fails none is left, so that nobody sends an older one.
 * @param {string} [path]
 * @returns {Promise<{ path: string, bytes: number, sha256: string, files: PackageFile[] }>}
 */
export async function writePackage(path = join(root, 'build', 'patchtrail.zip')) {
  rmSync(path, { force: true })
  const { zipOf } = await import('./zip.mjs')
  const files = await packageFiles()
  const zip = zipOf(files)
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}.unfinished`
  writeFileSync(unfinished, zip)
  renameSync(unfinished, path)
  return { path, bytes: zip.length, sha256: createHash('sha256').update(zip).digest('hex'), files }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireSupportedNode()
  ensureInstalled()
  const { path, bytes, sha256, files } = await writePackage()
  const kib = (/** @type {number} */ size) => `${(size / 1024).toFixed(1)} KiB`
  for (const { name, contents } of files) console.log(`${kib(contents.length).padStart(12)}  ${name}`)
  console.log(`${relative(process.cwd(), path)}: ${files.length} files, ${kib(bytes)}, SHA-256 ${sha256}`)
}
